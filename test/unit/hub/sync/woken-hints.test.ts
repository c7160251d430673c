import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { RetryLater } from '../../../../protocol/errors.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { address, SyncRig } from './sync-rig.ts';

const deliver = { ...address, lane: 'deliver' } as const;

describe('hub/sync hints that wait for the outcome of a write', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let rings: WorkAddress[];
  beforeEach(async () => {
    rig = await SyncRig.open();
    rings = [];
    rig.deps.bell = { ring: async (addresses) => void rings.push(...addresses) };
    rig.put('companies', '1', { name: 'One', city: 'Oslo' });
    await rig.observe('companies', '1');
    await rig.changeHere('companies', '1', { name: 'Ours' });
  });
  afterEach(() => rig.close());

  const looksNow = async (): Promise<number> =>
    (await rig.tx((tx) => tx.takeInbox('hs', rig.clock.now_ms(), 10))).length;
  const isDue = async (): Promise<boolean> =>
    (await rig.deps.store.dueNow(rig.clock.now_ms(), 10, ['observe'])).length > 0;

  const takeMark = async (): Promise<void> => {
    const lease = await rig.deps.store.claim(address, rig.clock.now_ms(), 1);
    if (lease) await rig.deps.store.release(lease, undefined);
  };

  /** While our write is under way somebody edits the row, and the hint of it is put off for a long time. */
  const editMeanwhile = async (): Promise<void> => {
    const api = await rig.deps.crm.api('a', 'hs');
    const write = api.write.bind(api);
    api.write = async (...parameters) => {
      const outcomes = await write(...parameters);
      rig.put('companies', '1', { ...rig.rows.get('companies:1')?.fields, city: 'Bergen' });
      await rig.hint('companies', '1');
      rig.clock.set(rig.clock.now_ms() + 70_000);
      await observeBatch(rig.deps, address);
      await takeMark();
      assert.deepEqual([await looksNow(), await isDue()], [0, false], 'the hint waits');
      rings.length = 0;
      return outcomes;
    };
  };

  it('are looked at as soon as the write is confirmed', async () => {
    await editMeanwhile();
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual([await looksNow(), await isDue()], [1, true]);
    assert.ok(rings.some(({ lane }) => lane === 'observe'));
    await observeBatch(rig.deps, address);
    assert.equal(await rig.waiting(), 0);
    assert.equal((await rig.link('companies', '1'))?.base?.['city'], 'Bergen');
  });

  it('are looked at as soon as the write is answered, when its row could not be read back', async () => {
    await editMeanwhile();
    const api = await rig.deps.crm.api('a', 'hs');
    const read = api.read.bind(api);
    const write = api.write.bind(api);
    api.write = async (...parameters) => {
      api.read = async () => {
        throw new RetryLater('busy', rig.clock.now_ms() + 1_000);
      };
      return write(...parameters);
    };
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual([await looksNow(), await isDue()], [1, true]);
    assert.ok(rings.some(({ lane }) => lane === 'observe'));
    api.read = read;
    await observeBatch(rig.deps, address);
    assert.equal((await rig.link('companies', '1'))?.base?.['city'], 'Bergen');
    assert.equal((await rig.link('companies', '1'))?.base?.['name'], 'Ours');
  });

  it('that there are none of mark nothing due', async () => {
    await takeMark();
    await deliverBatch(rig.deps, deliver);
    assert.equal(await isDue(), false);
  });
});
