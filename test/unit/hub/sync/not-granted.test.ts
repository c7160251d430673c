import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { Rejected } from '../../../../protocol/errors.ts';
import { address, SyncRig } from './sync-rig.ts';

const deliver = { ...address, lane: 'deliver' } as const;
const poll = { ...address, lane: 'poll' } as const;

describe('hub/sync a write that the grant does not cover', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let grantIt: () => void;
  let tries: number;
  beforeEach(async () => {
    rig = await SyncRig.open();
    rig.put('companies', '1', { name: 'Old' });
    await rig.observe('companies', '1');
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
    const api = await rig.deps.crm.api('a', 'hs');
    const write = api.write.bind(api);
    tries = 0;
    api.write = async (_object, _idField, rows) => {
      tries += 1;
      const error = new Rejected('no scope', { code: 'not_granted', remedy: 'Grant crm.objects.companies.write.' });
      return rows.map(() => ({ status: 'failed', error }));
    };
    grantIt = () => void (api.write = write);
    await rig.changeHere('companies', '1', { name: 'Ours' });
    // Refused once as it is, and once more without anything but our id.
    for (let batch = 0; batch < 4; batch += 1) await deliverBatch(rig.deps, deliver);
  });
  afterEach(() => rig.close());

  const waits = async (): Promise<string[]> => {
    const link = await rig.link('companies', '1');
    const entries = await rig.tx((tx) => tx.parkedOf([String(link?.recordId)]));
    return [...new Set(entries.map(({ cause, remedy }) => `${cause}: ${remedy}`))];
  };
  const settle = async (): Promise<void> => {
    await pollOnce(rig.deps, poll);
    for (let batch = 0; batch < 4; batch += 1) await deliverBatch(rig.deps, deliver);
  };
  const shown = ['not_granted: Grant crm.objects.companies.write.'];

  it('waits with its remedy, and is not sent again by itself', async () => {
    assert.deepEqual(await waits(), shown);
    const before = tries;
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await settle();
    assert.deepEqual([tries, await waits()], [before, shown]);
  });

  for (const how of ['was cut off and answers again', 'was connected again'])
    it(`is sent when the account ${how}`, async () => {
      await rig.tx(async (tx) => {
        if (how.startsWith('was cut')) await tx.updateInstallation('hs', { brokenReason: 'revoked' });
        else await tx.saveCursor('hs', 'reconnected', '1');
      });
      grantIt();
      await settle();
      assert.equal(rig.rows.get('companies:1')?.fields['name'], 'Ours');
      assert.deepEqual(await waits(), []);
      assert.equal(await rig.tx((tx) => tx.cursor('hs', 'reconnected')), undefined);
    });

  it('waits anew when it is still not covered', async () => {
    await rig.tx((tx) => tx.saveCursor('hs', 'reconnected', '1'));
    const before = tries;
    await settle();
    assert.ok(tries > before);
    assert.deepEqual(await waits(), shown);
  });
});
