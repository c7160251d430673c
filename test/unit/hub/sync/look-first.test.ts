import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { address, start_ms, SyncRig } from './sync-rig.ts';

const deliver = { ...address, lane: 'deliver' } as const;
const poll = { ...address, lane: 'poll' } as const;
const minute_ms = 60_000;

describe('hub/sync deliver: a row that may have been edited unseen is looked at before it is written', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    rig.put('companies', '1', { name: 'Old', phone: '+1' });
    await rig.observe('companies', '1');
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
    rig.clock.set(start_ms + minute_ms);
  });
  afterEach(() => rig.close());

  /** While nobody looked: `ours` was set at Salesforce and `theirs` at HubSpot, so many seconds after one another. */
  const bothEdit = async (oursAt_ms: number, theirsAt_ms: number): Promise<string> => {
    rig.put('companies', '1', { name: 'Theirs', phone: '+1' }, { stamp_ms: theirsAt_ms });
    return rig.changeHere('companies', '1', { name: 'Ours' }, oursAt_ms);
  };
  const outcome = async (recordId: string): Promise<object> => {
    const [record] = await rig.tx((tx) => tx.lockRecords([recordId]));
    const conflicts = await rig.tx((tx) => tx.conflictsOf(recordId, 10));
    return {
      here: record?.fields['name'],
      there: rig.rows.get('companies:1')?.fields['name'],
      conflicts: conflicts.map(({ lost, kept, reason }) => `${reason}: ${String(kept)} over ${String(lost)}`),
    };
  };
  /** The reads before the first write. */
  const readsBeforeWrite = async (): Promise<number> => {
    const api = await rig.deps.crm.api('a', 'hs');
    const write = api.write.bind(api);
    let before: number | undefined;
    rig.reads.length = 0;
    api.write = async (...parameters) => {
      before ??= rig.reads.length;
      return write(...parameters);
    };
    await deliverBatch(rig.deps, deliver);
    api.write = write;
    assert.notEqual(before, undefined, 'it was written');
    return before as number;
  };

  it('the newer edit wins by the field’s rule, whichever was seen first: theirs', async () => {
    const recordId = await bothEdit(start_ms + 10_000, start_ms + 20_000);
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(await outcome(recordId), {
      here: 'Theirs',
      there: 'Theirs',
      conflicts: ['rule: Theirs over Ours'],
    });
    assert.deepEqual(
      rig.writes.filter(({ fields }) => 'name' in fields),
      [],
    );
  });

  it('the newer edit wins by the field’s rule, whichever was seen first: ours', async () => {
    const recordId = await bothEdit(start_ms + 20_000, start_ms + 10_000);
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(await outcome(recordId), { here: 'Ours', there: 'Ours', conflicts: ['rule: Ours over Theirs'] });
  });

  it('edits of different fields both live, and are written with the same batch', async () => {
    rig.put('companies', '1', { name: 'Old', phone: '+2' });
    const recordId = await rig.changeHere('companies', '1', { name: 'Ours' });
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(await outcome(recordId), { here: 'Ours', there: 'Ours', conflicts: [] });
    assert.equal(rig.rows.get('companies:1')?.fields['phone'], '+2');
  });

  it('once a poll was whole nothing is read before a write, until the polls lapse or the process starts anew', async () => {
    await rig.changeHere('companies', '1', { name: 'Before the poll' });
    assert.equal(await readsBeforeWrite(), 1);
    await pollOnce(rig.deps, poll);
    await rig.observe('companies', '1');
    await rig.observe('companies');
    await rig.changeHere('companies', '1', { name: 'After the poll' });
    assert.equal(await readsBeforeWrite(), 0);
    rig.clock.set(rig.clock.now_ms() + 57_000);
    await rig.changeHere('companies', '1', { name: 'A little later' });
    assert.equal(await readsBeforeWrite(), 0);
    rig.clock.set(rig.clock.now_ms() + 4_000);
    await rig.changeHere('companies', '1', { name: 'After the lapse' });
    assert.equal(await readsBeforeWrite(), 1);
    await pollOnce(rig.deps, poll);
    await rig.observe('companies', '1');
    await rig.observe('companies');
    rig.deps.startedAt_ms = rig.clock.now_ms();
    await rig.changeHere('companies', '1', { name: 'After a start' });
    assert.equal(await readsBeforeWrite(), 1);
  });

  it('a row that a hint waits of is read before it is written; its neighbours are not', async () => {
    rig.put('companies', '2', { name: 'Neighbour' });
    await rig.observe('companies', '2');
    await pollOnce(rig.deps, poll);
    await rig.observe('companies', '1', '2');
    await rig.observe('companies');
    const now_ms = rig.clock.now_ms();
    rig.clock.set(now_ms + 20_000);
    const recordId = await bothEdit(now_ms + 5_000, now_ms + 10_000);
    await rig.changeHere('companies', '2', { name: 'Ours' });
    await rig.hint('companies', '1');
    rig.reads.length = 0;
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(rig.reads.slice(0, 2), [['2'], ['1']], 'one is read back, the other looked at');
    assert.deepEqual(await outcome(recordId), {
      here: 'Theirs',
      there: 'Theirs',
      conflicts: ['rule: Theirs over Ours'],
    });
    assert.equal(rig.rows.get('companies:2')?.fields['name'], 'Ours');
  });

  it('a row that is not found is not written; its link ends when it is not found for a minute', async () => {
    await rig.changeHere('companies', '1', { name: 'Ours' });
    rig.rows.delete('companies:1');
    await deliverBatch(rig.deps, deliver);
    const now_ms = rig.clock.now_ms();
    for (const [later_ms, state] of [
      [0, 'live'],
      [minute_ms - 1, 'live'],
      [2 * minute_ms, 'retired'],
    ] as const) {
      rig.clock.set(now_ms + later_ms);
      await observeBatch(rig.deps, address);
      assert.deepEqual([rig.writes, (await rig.link('companies', '1'))?.state], [[], state], String(later_ms));
    }
  });

  it('a row that is found after all is written', async () => {
    await rig.changeHere('companies', '1', { name: 'Ours' });
    const row = rig.rows.get('companies:1');
    rig.rows.delete('companies:1');
    await deliverBatch(rig.deps, deliver);
    assert.equal((await rig.link('companies', '1'))?.deliverAt_ms, null);
    if (row) rig.rows.set('companies:1', row);
    rig.clock.set(rig.clock.now_ms() + 1_000);
    await observeBatch(rig.deps, address);
    await deliverBatch(rig.deps, deliver);
    assert.equal(rig.rows.get('companies:1')?.fields['name'], 'Ours');
  });

  it('a vendor that is busy is not written blindly either: both are tried again', async () => {
    await bothEdit(start_ms + 10_000, start_ms + 20_000);
    const api = await rig.deps.crm.api('a', 'hs');
    api.read = async () => {
      throw new RetryLater('busy', rig.clock.now_ms() + 1_000);
    };
    await assert.rejects(deliverBatch(rig.deps, deliver), RetryLater);
    assert.deepEqual(rig.writes, []);
    assert.notEqual((await rig.link('companies', '1'))?.deliverAt_ms, null);
  });

  it('a row that cannot be read waits a minute, and its neighbours are written', async () => {
    rig.put('companies', '2', { name: 'Neighbour' });
    await rig.observe('companies', '2');
    await rig.changeHere('companies', '1', { name: 'Ours' });
    await rig.changeHere('companies', '2', { name: 'Ours' });
    const api = await rig.deps.crm.api('a', 'hs');
    const read = api.read.bind(api);
    api.read = async (object, ids, ...rest) => {
      const page = await read(object, ids, ...rest);
      if (ids.includes('1')) throw new Rejected('broken', { code: 'BROKEN' });
      return page;
    };
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual([...new Set(rig.writes.map(({ externalId }) => externalId))], ['2']);
    assert.equal((await rig.link('companies', '1'))?.deliverAt_ms, rig.clock.now_ms() + minute_ms);
  });
});
