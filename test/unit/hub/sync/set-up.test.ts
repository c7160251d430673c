import assert from 'node:assert/strict';
import { backfillPage } from '../../../../hub/sync/backfill.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { Invalid } from '../../../../protocol/errors.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import { address, SyncRig } from './sync-rig.ts';

const backfill = { ...address, lane: 'backfill' } as const;

describe('hub/sync set-up of an account that cannot be mirrored', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let refusal: Invalid | undefined;
  let lists: string[];
  beforeEach(async () => {
    rig = await SyncRig.open();
    refusal = new Invalid('It has person accounts.', 'Connect another org.');
    lists = [];
    const api = await rig.deps.crm.api('a', 'hs');
    api.unsuited = async () => refusal;
    api.people = async () => [];
    api.list = async (object) => {
      lists.push(object);
      return { rows: [], next: undefined };
    };
    await rig.tx(async (tx) => {
      for (const one of await tx.installations())
        await tx.updateInstallation(one.id, { state: one.id === 'hs' ? 'linking' : 'disconnected', confirmed: true });
    });
    rig.put('companies', '1', { name: 'One' });
  });
  afterEach(() => rig.close());

  const installation = async (): Promise<Installation | undefined> =>
    (await rig.tx((tx) => tx.installations())).find((one) => one.id === 'hs');

  it('says why and what to do; nothing is read, taken in or written', async () => {
    const next_ms = await backfillPage(rig.deps, backfill);
    assert.equal((await installation())?.brokenReason, 'It has person accounts. Connect another org.');
    await rig.hint('companies', '1');
    await observeBatch(rig.deps, address);
    assert.deepEqual([rig.reads, lists, rig.writes, await rig.waiting()], [[], [], [], 0]);
    assert.equal(await rig.link('companies', '1'), undefined);
    assert.equal((await installation())?.state, 'linking');
    assert.equal(next_ms, rig.clock.now_ms() + 600_000, 'it is asked again');
  });

  it('is set up when it can be', async () => {
    await backfillPage(rig.deps, backfill);
    refusal = undefined;
    await backfillPage(rig.deps, backfill);
    assert.deepEqual([(await installation())?.brokenReason, lists], [null, ['companies']]);
    await rig.observe('companies', '1');
    assert.ok(await rig.link('companies', '1'));
  });
});
