import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StoreRig } from './rig.ts';
import { aChange, aConflict, aLink, aParked, aRecord } from './nouns.ts';

export function recordConformance(rig: StoreRig): void {
  it('gives records back as they were saved', async () => {
    const odd = aRecord('r2', {
      kind: 'contact',
      fields: { text: '"\\\'?\n', number: 7, digits: '0012', object: '{"a":1}', truth: 'true', list: [], empty: '' },
      deletedAt_ms: 1_763_800_000_123,
    });
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords([
        { record: aRecord('r1'), matchKeys: ['x'] },
        { record: odd, matchKeys: [] },
      ]);
      assert.deepEqual(await tx.record('r1'), aRecord('r1'));
      assert.deepEqual(await tx.lockRecords(['r2', 'r1', 'none', 'r2']), [aRecord('r1'), odd]);
      assert.deepEqual(await tx.lockRecords([]), []);
    });
  });

  it('replaces a record and its match keys', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords([
        { record: aRecord('r1'), matchKeys: ['old', 'both'] },
        { record: aRecord('r2'), matchKeys: ['both'] },
      ]);
      await tx.saveRecords([{ record: aRecord('r1', { fields: {} }), matchKeys: ['both', 'new'] }]);
      assert.deepEqual(await tx.record('r1'), aRecord('r1', { fields: {} }));
      const found = await tx.recordsByMatchKey('deal', ['old', 'both', 'new', 'none']);
      assert.deepEqual(found.map(({ key, recordId }) => `${key} ${recordId}`).toSorted(), [
        'both r1',
        'both r2',
        'new r1',
      ]);
      assert.deepEqual(await tx.recordsByMatchKey('contact', ['both']), []);
      assert.deepEqual(await tx.recordsByMatchKey('deal', []), []);
      await tx.saveRecords([{ record: aRecord('r2', { deletedAt_ms: 5 }), matchKeys: ['both'] }]);
      assert.deepEqual(await tx.recordsByMatchKey('deal', ['both']), [{ key: 'both', recordId: 'r1' }]);
    });
  });

  it('folds records into one: empty, found no more, their history the one’s, chains led there in one step', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords(
        ['r1', 'r2', 'r3', 'r4'].map((id) => ({ record: aRecord(id), matchKeys: [`key ${id}`, 'refers=c1'] })),
      );
      await tx.addChanges([aChange('c1', { recordId: 'r1' }), aChange('c2', { recordId: 'r2', at_ms: 20 })]);
      await tx.addConflicts([aConflict('x1', { recordId: 'r1' })]);
      await tx.foldRecords(['r1'], 'r2', 77);
      assert.deepEqual(await tx.foldedInto(['r1', 'r2', 'none']), new Map([['r1', 'r2']]));
      await tx.foldRecords(['r2', 'r3'], 'r4', 88);
      const into = new Map(['r1', 'r2', 'r3'].map((id) => [id, 'r4']));
      assert.deepEqual(await tx.foldedInto(['r1', 'r2', 'r3', 'r4']), into);
      const folded = { fields: {}, stamps: {}, mergedInto: 'r4' };
      assert.deepEqual(await tx.record('r1'), aRecord('r1', { ...folded, deletedAt_ms: 77 }));
      assert.deepEqual(await tx.record('r2'), aRecord('r2', { ...folded, deletedAt_ms: 88 }));
      assert.deepEqual(await tx.record('r4'), aRecord('r4'));
      assert.deepEqual(await tx.recordsByMatchKey('deal', ['key r1', 'key r3', 'refers=c1']), [
        { key: 'refers=c1', recordId: 'r4' },
      ]);
      assert.deepEqual(
        (await tx.changesOf('r4', 9)).map(({ id }) => id),
        ['c2', 'c1'],
      );
      assert.deepEqual(
        (await tx.conflictsOf('r4', 9)).map(({ id }) => id),
        ['x1'],
      );
      await tx.foldRecords([], 'r4', 99);
      assert.deepEqual(await tx.foldedInto([]), new Map());
    });
    assert.deepEqual(await rig.store.tenant('b', (tx) => tx.foldedInto(['r1'])), new Map());
  });

  it('counts the live rows of an object', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveLinks([
        aLink('l1'),
        aLink('l2'),
        aLink('l3', { state: 'retired' }),
        aLink('l4', { externalId: null }),
        aLink('l5', { object: 'contacts' }),
        aLink('l6', { installationId: 'sf' }),
      ]);
      assert.equal(await tx.countLiveLinks('hs', 'deals'), 2);
      assert.equal(await tx.countLiveLinks('hs', 'companies'), 0);
    });
  });

  it('holds a lock on records until the transaction ends', async () => {
    const { store } = rig;
    await store.tenant('a', (tx) =>
      tx.saveRecords([
        { record: aRecord('r1', { fields: { count: 0 } }), matchKeys: [] },
        { record: aRecord('r2', { fields: { count: 0 } }), matchKeys: [] },
      ]),
    );
    const addOne = (ids: string[]): Promise<void> =>
      store.tenant('a', async (tx) => {
        const locked = await tx.lockRecords(ids);
        await sleep(2);
        await tx.saveRecords(
          locked.map((record) => ({
            record: { ...record, fields: { count: Number(record.fields.count) + 1 } },
            matchKeys: [],
          })),
        );
      });
    await Promise.all(Array.from({ length: 12 }, (_, turn) => addOne(turn % 2 === 0 ? ['r1', 'r2'] : ['r2', 'r1'])));
    assert.deepEqual(
      (await store.tenant('a', (tx) => tx.lockRecords(['r1', 'r2']))).map(({ fields }) => fields.count),
      [12, 12],
    );
  });

  it('lets one at a time match new rows of a kind', async () => {
    const { store } = rig;
    let inside = 0;
    let most = 0;
    await Promise.all(
      Array.from({ length: 4 }, () =>
        store.tenant('a', async (tx) => {
          await tx.lockMatching('company');
          most = Math.max(most, ++inside);
          await sleep(5);
          inside--;
        }),
      ),
    );
    assert.equal(most, 1);
  });

  it('finds records without a live link, in id order', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords(
        ['r1', 'r2', 'r3', 'r4', 'r5'].map((id) => ({
          record: aRecord(id, { deletedAt_ms: id === 'r5' ? 1 : null }),
          matchKeys: [],
        })),
      );
      await tx.saveLinks([
        aLink('l1', { recordId: 'r1' }),
        aLink('l2', { recordId: 'r2', state: 'retired' }),
        aLink('l3', { recordId: 'r3', installationId: 'sf' }),
      ]);
      assert.deepEqual(await tx.recordsWithoutLink('hs', 'deal', '', 10), ['r2', 'r3', 'r4']);
      assert.deepEqual(await tx.recordsWithoutLink('hs', 'deal', 'r2', 1), ['r3']);
      assert.deepEqual(await tx.recordsWithoutLink('hs', 'contact', '', 10), []);
    });
  });

  it('pages through linked records', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords(['r1', 'r2', 'r3'].map((id) => ({ record: aRecord(id), matchKeys: [] })));
      const live = [aLink('l1', { recordId: 'r1' }), aLink('l3', { recordId: 'r3' })];
      await tx.saveLinks([...live, aLink('l2', { recordId: 'r2', state: 'alias' })]);
      assert.deepEqual(await tx.linkedRecords('hs', 'deal', '', 10), [
        { record: aRecord('r1'), link: live[0] },
        { record: aRecord('r3'), link: live[1] },
      ]);
      assert.deepEqual(
        (await tx.linkedRecords('hs', 'deal', 'r1', 1)).map(({ record }) => record.id),
        ['r3'],
      );
    });
  });

  it('gives links back as they were saved', async () => {
    const links = [
      aLink('l1', { base: null, externalId: null, facts: {} }),
      aLink('l2', { installationId: 'sf', object: 'Opportunity', recordId: 'record-of-l1', deliverAt_ms: 4 }),
    ];
    await rig.store.tenant('a', async (tx) => {
      await tx.saveLinks(links);
      const found = await tx.linksOfRecords(['record-of-l1']);
      assert.deepEqual(
        found.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        links,
      );
      assert.deepEqual(await tx.linksByExternalId('sf', 'Opportunity', ['ext-l2', 'none']), [links[1]]);
      assert.deepEqual(await tx.linksByExternalId('sf', 'Opportunity', []), []);
    });
  });

  it('has one link for a vendor object, and one live link for a record and installation', async () => {
    const { store } = rig;
    await store.tenant('a', (tx) => tx.saveLinks([aLink('l1', { recordId: 'r1' })]));
    await assert.rejects(store.tenant('a', (tx) => tx.saveLinks([aLink('l2', { externalId: 'ext-l1' })])));
    await assert.rejects(store.tenant('a', (tx) => tx.saveLinks([aLink('l2', { recordId: 'r1' })])));
    await store.tenant('a', (tx) =>
      tx.saveLinks([
        aLink('l2', { recordId: 'r1', state: 'alias' }),
        aLink('l3', { recordId: 'r1', installationId: 'sf' }),
      ]),
    );
  });

  it('lets a new live link take over in one save', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveLinks([aLink('l2', { recordId: 'r1' })]);
      await tx.saveLinks([aLink('l1', { recordId: 'r1' }), aLink('l2', { recordId: 'r1', state: 'alias' })]);
      assert.equal((await tx.linksOfRecords(['r1'])).find(({ state }) => state === 'live')?.id, 'l1');
    });
  });

  it('gives links to deliver by object in order, oldest first, when their time has come', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.saveLinks([
        aLink('d1', { deliverAt_ms: 30 }),
        aLink('d2', { deliverAt_ms: 20 }),
        aLink('d3', { deliverAt_ms: 90 }),
        aLink('c1', { object: 'companies', deliverAt_ms: 40 }),
        aLink('c2', { object: 'companies', deliverAt_ms: 10, state: 'retired' }),
        aLink('s1', { installationId: 'sf', deliverAt_ms: 5 }),
        aLink('n1'),
      ]);
      const objects = ['companies', 'deals'];
      const ids = async (now_ms: number, limit = 10): Promise<string[]> =>
        (await tx.linksToDeliver('hs', objects, now_ms, limit)).map(({ id }) => id);
      assert.deepEqual(await ids(50), ['c1']);
      assert.deepEqual(await ids(35), ['d2', 'd1']);
      assert.deepEqual(await ids(35, 1), ['d2']);
      assert.deepEqual(await ids(9), []);
      assert.equal(await tx.nextDelivery('hs', objects), 20);
      assert.equal(await tx.nextDelivery('sf', objects), 5);
      assert.equal(await tx.nextDelivery('none', objects), undefined);
      assert.equal((await tx.status()).deliveriesWaiting, 5);
      await tx.saveLinks([
        aLink('d1', { recordId: 'child', deliverAt_ms: 30, attempts: 3 }),
        aLink('d2', { recordId: 'child', installationId: 'sf', deliverAt_ms: 20, attempts: 3 }),
        aLink('d3', { recordId: 'other', deliverAt_ms: 90, attempts: 3 }),
      ]);
      await tx.park([aParked('p1', { recordId: 'child', externalId: null, cause: 'missing_parent' })]);
      await tx.park([aParked('p2', { recordId: 'other', externalId: null, field: 'name', cause: 'too_long' })]);
      assert.equal((await tx.status()).deliveriesWaiting, 4, 'what waits for a parent is parked, not on its way');
    });
  });

  it('takes pages of a thousand', async () => {
    const records = Array.from({ length: 1_000 }, (_, at) => aRecord(`r${String(at).padStart(4, '0')}`));
    await rig.store.tenant('a', async (tx) => {
      await tx.saveRecords(records.map((record) => ({ record, matchKeys: [record.id] })));
      await tx.saveLinks(records.map((record) => aLink(`l-${record.id}`, { recordId: record.id })));
      const ids = records.map(({ id }) => id);
      assert.equal((await tx.lockRecords(ids)).length, 1_000);
      assert.equal((await tx.linksOfRecords(ids)).length, 1_000);
      assert.equal((await tx.recordsByMatchKey('deal', ids)).length, 1_000);
    });
  });
}
