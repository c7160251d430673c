import assert from 'node:assert/strict';
import { askForSweep } from '../../../../hub/sync/ask-for-sweep.ts';
import { confirmDeletes } from '../../../../hub/sync/confirm-deletes.ts';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { readSweep, type SweepPosition } from '../../../../hub/sync/sweep-position.ts';
import { sweepOnce } from '../../../../hub/sync/sweep.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import { RetryLater } from '../../../../protocol/errors.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { start_ms, SyncRig } from './sync-rig.ts';

const address: WorkAddress = { tenantId: 'a', installationId: 'hs', lane: 'sweep' };
const hour_ms = 3_600_000;
const day_ms = 24 * hour_ms;

describe('hub/sync sweep', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
    for (let id = 1; id <= 7; id += 1)
      rig.put('companies', String(id), { name: `Company ${id}`, domain: `c${id}.example` });
    await rig.observe('companies', ...[1, 2, 3, 4, 5, 6, 7].map(String));
    await sweepOnce(rig.deps, address, day_ms);
  });
  afterEach(() => rig.close());

  const stand = async (): Promise<SweepPosition> => {
    const position = readSweep(await rig.tx((tx) => tx.cursor('hs', 'sweep:companies')));
    assert.ok(position);
    return position;
  };
  const ask = async (): Promise<void> => {
    await rig.tx((tx) => askForSweep(rig.deps, tx, 'hs'));
  };
  /** A whole sweep, and a look at what it told of. */
  const sweep = async (): Promise<SweepPosition> => {
    await ask();
    for (let next_ms: number | undefined = 0; next_ms !== undefined && next_ms <= rig.clock.now_ms();)
      next_ms = await sweepOnce(rig.deps, address, day_ms);
    return stand();
  };
  const observe = (): Promise<unknown> => observeBatch(rig.deps, { ...address, lane: 'observe' });
  /** Looks until a row that is not found is gone for certain: no copy of the vendor's lags for longer. */
  const observeUntilProven = async (at = address): Promise<void> => {
    await observeBatch(rig.deps, { ...at, lane: 'observe' });
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await observeBatch(rig.deps, { ...at, lane: 'observe' });
  };
  const state = async (id: string): Promise<string | undefined> => (await rig.link('companies', id))?.state;

  it('comes an interval after the first load, and every interval', async () => {
    assert.deepEqual(rig.listings, []);
    assert.equal((await stand()).nextAt_ms, rig.clock.now_ms() + day_ms);
    rig.clock.set(rig.clock.now_ms() + day_ms);
    assert.equal(await sweepOnce(rig.deps, address, day_ms), rig.clock.now_ms() + day_ms);
    assert.equal(rig.listings.length, 4);
    assert.equal((await stand()).nextAt_ms, rig.clock.now_ms() + day_ms);
  });

  it('tells of nothing where all agrees, and reads nothing', async () => {
    rig.reads.length = 0;
    const { last, gaps } = await sweep();
    assert.deepEqual(
      [last?.rows, last?.equal, last?.lagging, last?.unseen, last?.missing, gaps.length],
      [7, 7, 0, 0, 0, 0],
    );
    assert.equal(await rig.waiting(), 0);
    assert.deepEqual(rig.reads, []);
  });

  it('finds an edit and a new row that nobody told of, and counts what only it caught', async () => {
    rig.put('companies', '4', { name: 'Edited', domain: 'c4.example' });
    rig.put('companies', '8', { name: 'New', domain: 'c8.example' });
    const { last } = await sweep();
    assert.deepEqual([last?.rows, last?.equal, last?.unseen], [8, 6, 2]);
    await observe();
    const link = await rig.link('companies', '4');
    assert.equal((await rig.tx((tx) => tx.record(link?.recordId ?? '')))?.fields['name'], 'Edited');
    assert.equal(await state('8'), 'live');
    assert.deepEqual((await rig.tx((tx) => tx.status())).caughtBy, { event: 7, sweep: 2 });
    const again = await sweep();
    assert.deepEqual([again.last?.equal, again.last?.unseen], [8, 0]);
  });

  it('a reading that lags behind the list is not believed', async () => {
    const nameOf = async (): Promise<unknown> => {
      const link = await rig.link('companies', '4');
      return (await rig.tx((tx) => tx.record(link?.recordId ?? '')))?.fields['name'];
    };
    const before = rig.rows.get('companies:4');
    rig.put('companies', '4', { name: 'Edited', domain: 'c4.example' });
    const edited = rig.rows.get('companies:4');
    assert.ok(before && edited);
    await sweep();
    rig.rows.set('companies:4', before);
    await observe();
    assert.deepEqual([await nameOf(), await rig.waiting()], ['Company 4', 1]);
    rig.rows.set('companies:4', edited);
    rig.clock.set(rig.clock.now_ms() + 1_000);
    await observe();
    assert.deepEqual([await nameOf(), await rig.waiting()], ['Edited', 0]);
  });

  it('does not count what a hint of another lane tells of already', async () => {
    rig.put('companies', '4', { name: 'Edited', domain: 'c4.example' });
    await rig.hint('companies', '4');
    const { last } = await sweep();
    assert.deepEqual([last?.equal, last?.lagging, last?.unseen], [6, 1, 0]);
    assert.equal(await rig.waiting(), 1);
  });

  it('a row that a whole walk and a second look did not show is read singly, and retired by what that read says', async () => {
    rig.rows.delete('companies:3');
    rig.rows.delete('companies:7');
    rig.reads.length = 0;
    const { last, gaps } = await sweep();
    assert.deepEqual([last?.rows, last?.missing, gaps], [5, 2, []]);
    await observe();
    assert.deepEqual([await state('3'), await state('7')], ['live', 'live'], 'copies of the vendor may lag');
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await observe();
    assert.deepEqual(rig.reads.flat().toSorted(), ['3', '3', '7', '7']);
    assert.deepEqual([await state('3'), await state('7'), await state('4')], ['retired', 'retired', 'live']);
  });

  it('a row that only the listing hid is read, found, and stays', async () => {
    const api = await rig.deps.crm.api('a', 'hs');
    const walk = api.walk.bind(api);
    api.walk = async (...parameters) => {
      const page = await walk(...parameters);
      return { ...page, rows: page.rows.filter((row) => row.externalId !== '3') };
    };
    const { last } = await sweep();
    assert.equal(last?.missing, 1);
    await observe();
    assert.deepEqual([await state('3'), rig.reads.at(-1)], ['live', ['3']]);
  });

  it('a row that the second look shows is not even read', async () => {
    const api = await rig.deps.crm.api('a', 'hs');
    const walk = api.walk.bind(api);
    let looks = 0;
    api.walk = async (object, after, purpose) => {
      const page = await walk(object, after, purpose);
      if (after !== '2') return page;
      looks += 1;
      return { ...page, rows: looks === 1 ? page.rows.filter((row) => row.externalId !== '3') : page.rows };
    };
    rig.reads.length = 0;
    const { last } = await sweep();
    await observe();
    assert.deepEqual([looks, last?.missing, rig.reads], [2, 0, []]);
  });

  it('a walk that was cut off says nothing of what is missing, and goes on where it stood', async () => {
    rig.rows.delete('companies:1');
    const api = await rig.deps.crm.api('a', 'hs');
    const walk = api.walk.bind(api);
    api.walk = async (object, after, purpose) => {
      if (after === '5') throw new RetryLater('busy', rig.clock.now_ms() + 1_000);
      return walk(object, after, purpose);
    };
    await ask();
    await assert.rejects(sweepOnce(rig.deps, address, day_ms), RetryLater);
    assert.equal((await stand()).last, null);
    assert.equal(await rig.waiting(), 0);
    api.walk = walk;
    rig.listings.length = 0;
    const { last } = await sweep();
    assert.deepEqual(
      rig.listings.map(({ after }) => after),
      ['5', undefined],
    );
    assert.deepEqual([last?.rows, last?.missing], [6, 1]);
  });

  it('a walk that stood still for half a day begins anew', async () => {
    rig.rows.delete('companies:1');
    const api = await rig.deps.crm.api('a', 'hs');
    const walk = api.walk.bind(api);
    api.walk = async (object, after, purpose) => {
      if (after === '5') throw new Error('broken');
      return walk(object, after, purpose);
    };
    await ask();
    await sweepOnce(rig.deps, address, day_ms);
    const { walk: cut } = await stand();
    assert.equal(cut?.after, '5');
    rig.put('companies', '1', { name: 'Company 1', domain: 'c1.example' }, { stamp_ms: start_ms });
    api.walk = walk;
    rig.clock.set(rig.clock.now_ms() + 13 * hour_ms);
    rig.listings.length = 0;
    const { last } = await sweep();
    assert.equal(rig.listings.length, 4);
    assert.deepEqual([last?.id === cut?.id, last?.rows, last?.missing], [false, 7, 0]);
  });

  describe('of rows that went without a word', () => {
    const idsFrom = (first: number, last: number): string[] =>
      Array.from({ length: last - first + 1 }, (_, at) => String(first + at));
    const statesOf = async (ids: readonly string[]): Promise<Set<string | undefined>> =>
      new Set(await Promise.all(ids.map(state)));
    /** Twelve of them are gone, which is too many to be believed. */
    const loseMany = async (): Promise<string[]> => {
      const ids = idsFrom(8, 19);
      for (const id of ids) rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
      await rig.observe('companies', ...ids);
      for (const id of ids) rig.rows.delete(`companies:${id}`);
      assert.equal((await sweep()).last?.missing, 12);
      await observeUntilProven();
      return ids;
    };

    it('too many at once wait for a person, who says that it is right; sweeps do not ask for them again', async () => {
      const ids = await loseMany();
      assert.deepEqual(await statesOf(ids), new Set(['live']));
      const entries = await rig.parked('companies', ...ids);
      assert.deepEqual([entries.length, new Set(entries.map((one) => one.cause))], [12, new Set(['mass_delete'])]);
      rig.reads.length = 0;
      const { last } = await sweep();
      await observe();
      assert.deepEqual([last?.rows, last?.missing, rig.reads], [7, 0, []]);
      assert.equal(await confirmDeletes(rig.deps, 'a', { installationId: 'hs', object: 'companies' }, 'person:x'), 12);
      await observe();
      assert.deepEqual(await statesOf(ids), new Set(['retired']));
      assert.deepEqual(await rig.parked('companies', ...ids), []);
    });

    it('one of them that comes back as it was is found by the next sweep, and waits no more', async () => {
      const ids = await loseMany();
      const stamp_ms = (await rig.link('companies', '9'))?.stamp_ms ?? 0;
      rig.put('companies', '9', { name: 'Company 9', domain: 'c9.example' }, { stamp_ms });
      const { last } = await sweep();
      assert.deepEqual([last?.rows, last?.equal, last?.unseen], [8, 8, 0]);
      await observe();
      assert.deepEqual([await state('9'), await rig.parked('companies', '9')], ['live', []]);
      assert.equal((await rig.parked('companies', ...ids)).length, 11);
    });

    it('one that was merged into another is an alias of that one', async () => {
      rig.put('companies', '3', {}, { archived: true, mergedInto: '1' });
      await sweep();
      await observe();
      const [survivor, loser] = [await rig.link('companies', '1'), await rig.link('companies', '3')];
      assert.deepEqual([survivor?.state, loser?.state], ['live', 'alias']);
      assert.equal(loser?.recordId, survivor?.recordId);
      const { last } = await sweep();
      assert.deepEqual([last?.rows, last?.equal, last?.missing], [6, 6, 0]);
    });

    it('the other CRM’s row goes with it where the mapping says so', async () => {
      const { mappings } = rig.deps.mapper;
      const company = { ...mappings.kinds.company, onDelete: 'archive' } as const;
      rig.deps.mapper = createMapper({ ...mappings, kinds: { ...mappings.kinds, company } });
      const there = { ...address, installationId: 'sf' };
      const recordId = (await rig.link('companies', '1'))?.recordId ?? '';
      await rig.tx(async (tx) => {
        await tx.updateInstallation('sf', { state: 'writing', confirmed: true });
        await tx.saveCursor('hs', 'poll:companies', JSON.stringify({ wholeAt_ms: rig.clock.now_ms() + 60_000 }));
        await tx.saveCursor('sf', 'backfill:Account', 'done');
        const base = { name: 'Company 1', domain: 'c1.example' };
        await tx.saveLinks([{ ...newLink('there', recordId, 'sf', 'Account', '001'), base, stamp_ms: 1 }]);
        await askForSweep(rig.deps, tx, 'sf');
      });
      while ((await sweepOnce(rig.deps, there, day_ms)) === rig.clock.now_ms());
      await observeUntilProven(there);
      await deliverBatch(rig.deps, { ...address, lane: 'deliver' });
      assert.deepEqual([rig.archived, await state('1')], [['companies:1'], 'retired']);
      assert.deepEqual([(await sweep()).last?.missing, await rig.waiting()], [0, 0]);
    });
  });

  it('a second row of a record, which waits to be merged, is not looked at again each time', async () => {
    const [one, second] = [await rig.link('companies', '1'), await rig.link('companies', '2')];
    assert.ok(one && second);
    await rig.tx(async (tx) => {
      await tx.saveLinks([{ ...second, recordId: one.recordId, state: 'alias' }]);
      const where = { installationId: 'hs', object: 'companies', externalId: '2', recordId: one.recordId, field: null };
      const why = { cause: 'merged_elsewhere', detail: '', remedy: '', value: null, waitsFor: null, at_ms: 1 } as const;
      await tx.park([{ ...where, ...why, id: 'p1' }]);
    });
    const { last } = await sweep();
    assert.deepEqual([last?.equal, last?.parked, last?.unseen], [6, 1, 0]);
    assert.equal(await rig.waiting(), 0);
  });

  it('leaves alone an object that is not loaded', async () => {
    rig.put('contacts', '1', { email: 'a@c1.example' });
    await sweep();
    assert.ok(rig.listings.every(({ object }) => object === 'companies'));
  });
});
