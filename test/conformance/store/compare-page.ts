import assert from 'node:assert/strict';
import type { StoreRig } from './rig.ts';
import { aLink, aRecord, aWrite } from './nouns.ts';

export function comparePageConformance(rig: StoreRig): void {
  const ids = ['5', '9', '10', '11', '100', '0012'];
  beforeEach(() =>
    rig.store.tenant('a', async (tx) => {
      const links = ids.map((id) => aLink(`l${id}`, { externalId: id, stamp_ms: 1_000 }));
      const odd = [
        aLink('retired', { externalId: '7', state: 'retired' }),
        aLink('alias', { externalId: '8', state: 'alias' }),
        aLink('unseen', { externalId: '12', base: null, stamp_ms: null }),
        aLink('to-create', { externalId: null }),
        aLink('other-object', { externalId: '6', object: 'contacts' }),
        aLink('other-account', { externalId: '6', installationId: 'sf' }),
      ];
      const all = [...links, ...odd];
      await tx.saveRecords(all.map((link) => ({ record: aRecord(link.recordId), matchKeys: [] })));
      await tx.saveLinks(all);
    }),
  );
  const compare = (
    rows: readonly [string, number][],
    range: { after?: string; to?: string } = {},
    limit = 100,
  ): Promise<{ differing: string[]; missing: string[] }> =>
    rig.store.tenant('a', async (tx) => {
      const page = {
        after: range.after,
        to: range.to,
        rows: rows.map(([externalId, stamp_ms]) => ({ externalId, stamp_ms })),
      };
      const { differing, missing } = await tx.comparePage('hs', 'deals', page, limit);
      return { differing: differing.toSorted(), missing };
    });

  it('knows a row whose live link has seen this stamp or a later one', async () => {
    const rows: [string, number][] = [
      ['5', 1_000],
      ['9', 999],
      ['10', 1_001],
      ['7', 5],
      ['8', 5],
      ['12', 5],
      ['6', 5],
    ];
    assert.deepEqual((await compare(rows)).differing, ['10', '12', '6', '7', '8']);
  });

  it('misses the live links between the ends of a page, shorter ids first', async () => {
    assert.deepEqual((await compare([])).missing, ['5', '9', '10', '11', '12', '100', '0012']);
    assert.deepEqual((await compare([['9', 1_000]], { to: '11' })).missing, ['5', '10', '11']);
    assert.deepEqual((await compare([['100', 1_000]], { after: '9', to: '100' })).missing, ['10', '11', '12']);
    assert.deepEqual((await compare([], { after: '100' })).missing, ['0012']);
    assert.deepEqual((await compare([], { after: '5' }, 2)).missing, ['9', '10']);
  });

  it('orders letters as their codes, capitals first, as vendors do', async () => {
    await rig.store.tenant('a', async (tx) => {
      const odd = ['aB', 'Ab', 'ab', 'AB'].map((id) => aLink(`m${id}`, { externalId: id, object: 'Account' }));
      await tx.saveRecords(odd.map((link) => ({ record: aRecord(link.recordId), matchKeys: [] })));
      await tx.saveLinks(odd);
      const page = { after: 'AB', to: 'aB', rows: [] };
      assert.deepEqual((await tx.comparePage('hs', 'Account', page, 9)).missing, ['Ab', 'aB']);
    });
  });

  it('sees one tenant’s links only', async () => {
    const page = { after: undefined, to: undefined, rows: [{ externalId: '5', stamp_ms: 1 }] };
    const found = await rig.store.tenant('b', (tx) => tx.comparePage('hs', 'deals', page, 9));
    assert.deepEqual(found, { differing: ['5'], missing: [] });
  });

  it('tells the rows that are to be made now and that nobody has tried to make, up to a bound', async () => {
    await rig.store.tenant('a', async (tx) => {
      const due = { object: 'tasks', deliverAt_ms: 10 };
      const links = [
        aLink('n1', { ...due, externalId: null }),
        aLink('n2', { ...due, externalId: null, deliverAt_ms: 9 }),
        aLink('n3', { ...due, externalId: null, attempts: 1 }),
        aLink('n4', { ...due, externalId: null, deliverAt_ms: 11 }),
        aLink('n5', { ...due, externalId: null, state: 'retired' }),
        aLink('n6', { ...due, externalId: null, deliverAt_ms: null }),
        aLink('n7', { ...due, externalId: null, installationId: 'sf' }),
        aLink('n8', { ...due, externalId: null }),
        aLink('n9', { ...due, externalId: null }),
        aLink('t1', due),
      ];
      const records = links.map(({ id, recordId }) => aRecord(recordId, { deletedAt_ms: id === 'n9' ? 5 : null }));
      await tx.saveRecords(records.map((record) => ({ record, matchKeys: [] })));
      await tx.saveLinks(links);
      await tx.saveWrites([aWrite('w1', { linkId: 'n8' }), aWrite('w2', { linkId: 'n1', state: 'confirmed' })]);
      const idsOf = async (now_ms: number, limit: number): Promise<string[]> =>
        (await tx.createsToDeliver('hs', 'tasks', now_ms, limit)).map(({ id }) => id).toSorted();
      assert.deepEqual([await tx.countCreates('hs', 'tasks', 10, 100), await idsOf(10, 100)], [2, ['n1', 'n2']]);
      assert.deepEqual([await tx.countCreates('hs', 'tasks', 11, 1), await idsOf(11, 1)], [1, ['n2']]);
      assert.deepEqual(await tx.createsToDeliver('hs', 'none', 11, 1), []);
    });
  });
}
