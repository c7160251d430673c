import assert from 'node:assert/strict';
import type { StoreRig } from './rig.ts';
import { aChange, aConflict, aParked, aWrite } from './nouns.ts';

export function historyConformance(rig: StoreRig): void {
  it('gives changes back newest first, values of every kind', async () => {
    const changes = [
      aChange('c1', { at_ms: 1, before: null, after: 'true' }),
      aChange('c2', { at_ms: 2, before: 7, after: '7' }),
      aChange('c3', { at_ms: 3, before: ['a', 'b'], after: [] }),
      aChange('c4', { at_ms: 4, before: true, after: '{"a":1}' }),
    ];
    await rig.store.tenant('a', async (tx) => {
      await tx.addChanges(changes);
      await tx.addChanges([aChange('other', { recordId: 'r2' })]);
      assert.deepEqual(await tx.changesOf('r1', 10), changes.toReversed());
      assert.equal((await tx.changesOf('r1', 2)).length, 2);
    });
  });

  it('gives conflicts back newest first', async () => {
    const conflicts = [aConflict('c1', { at_ms: 1 }), aConflict('c2', { at_ms: 2, lost: null, reason: 'overwritten' })];
    await rig.store.tenant('a', async (tx) => {
      await tx.addConflicts(conflicts);
      assert.deepEqual(await tx.conflictsOf('r1', 10), conflicts.toReversed());
      assert.equal((await tx.status()).conflicts, 2);
    });
  });

  it('finds a conflict by its id, and what was lost together with it', async () => {
    const [one, two] = [aConflict('c1', { at_ms: 1 }), aConflict('c2', { at_ms: 1, field: 'city' })];
    await rig.store.tenant('a', async (tx) => {
      await tx.addConflicts([one, two, aConflict('c3', { at_ms: 2 }), aConflict('c4', { at_ms: 1, recordId: 'r2' })]);
      assert.deepEqual(await tx.conflict('c2'), two);
      assert.equal(await tx.conflict('c9'), undefined);
      assert.deepEqual((await tx.conflictsAt('r1', 1)).map(({ id }) => id).toSorted(), ['c1', 'c2']);
    });
    assert.equal(await rig.store.tenant('b', (tx) => tx.conflict('c1')), undefined);
  });

  it('walks over a set of changes by record, oldest first, without first observations', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.addChanges([
        aChange('c2', { recordId: 'r2', at_ms: 20 }),
        aChange('c1', { recordId: 'r1', at_ms: 30 }),
        aChange('c0', { recordId: 'r1', at_ms: 10, field: 'city' }),
        aChange('late', { at_ms: 31 }),
        aChange('first', { cause: { lane: 'first', id: 'f' } }),
        aChange('there', { side: 'salesforce' }),
        aChange('whose', { author: { kind: 'person', userId: '6' } }),
        aChange('none', { author: { kind: 'unknown', userId: null } }),
      ]);
      const ids = async (set: object, after = '', limit = 9): Promise<string[]> =>
        (await tx.changesIn({ from_ms: 10, to_ms: 30, side: 'hubspot', userId: '5', ...set }, after, limit)).map(
          ({ id }) => id,
        );
      assert.deepEqual(await ids({}), ['c0', 'c1', 'c2']);
      assert.deepEqual(await ids({}, '', 1), ['c0', 'c1']);
      assert.deepEqual(await ids({}, 'r1', 1), ['c2']);
      assert.deepEqual(await ids({}, 'r2', 1), []);
      assert.deepEqual(await ids({ field: 'city' }), ['c0']);
      assert.equal((await tx.changesIn({ from_ms: 10, to_ms: 30 }, '', 9)).length, 6);
    });
  });

  it('has one open parked entry for a field of an object', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.park([aParked('p1')]);
      await tx.park([aParked('p2', { detail: 'Again', at_ms: 99 }), aParked('p3', { field: null })]);
      const entries = await tx.parkedOf(['r1']);
      assert.deepEqual(
        entries.map(({ id, detail }) => `${id} ${detail}`).toSorted(),
        ['p1 Again', 'p3 No such stage'],
        'refreshed in place',
      );
      assert.deepEqual(
        (await tx.parkedEntries('', 1)).map(({ id }) => id),
        ['p1'],
      );
      assert.deepEqual(
        (await tx.parkedEntries('p1', 9)).map(({ id }) => id),
        ['p3'],
      );
      assert.equal((await tx.parkedEntry('p3'))?.field, null);
      assert.equal(await tx.parkedEntry('p2'), undefined);
      await tx.unpark(['p1']);
      assert.deepEqual(
        (await tx.parkedAt('hs', 'deals', ['7'])).map(({ id }) => id),
        ['p3'],
      );
      assert.deepEqual((await tx.status()).parked, [{ cause: 'unknown_option', count: 1 }]);
    });
  });

  it('tells parked entries apart by object, external id or record', async () => {
    const entries = [
      aParked('p1'),
      aParked('p2', { externalId: '8' }),
      aParked('p3', { externalId: null, recordId: 'r1' }),
      aParked('p4', { externalId: null, recordId: 'r2' }),
      aParked('p5', { object: 'companies' }),
      aParked('p6', { installationId: 'sf' }),
      // A record whose id is another object's external id.
      aParked('p7', { externalId: null, recordId: '7' }),
    ];
    await rig.store.tenant('a', async (tx) => {
      await tx.park(entries);
      const found = await tx.parkedOf(['r1', 'r2', '7']);
      assert.deepEqual(
        found.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
        entries,
      );
      assert.deepEqual(await tx.parkedOf([]), []);
    });
  });

  it('finds entries that wait for an object', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.park([
        aParked('p1', { cause: 'missing_parent', waitsFor: 'companies:5' }),
        aParked('p2', { field: 'x', waitsFor: 'companies:6' }),
        aParked('p3', { installationId: 'sf', waitsFor: 'companies:5' }),
      ]);
      assert.deepEqual(
        (await tx.parkedWaitingFor('hs', ['companies:5', 'companies:7'])).map(({ id }) => id),
        ['p1'],
      );
    });
  });

  it('names the records that an unlinked row might belong to', async () => {
    await rig.store.tenant('a', async (tx) => {
      const ambiguous = { cause: 'ambiguous_match', field: null, recordId: null } as const;
      await tx.park([
        aParked('p1', { ...ambiguous, externalId: '1', detail: 'r1 r2' }),
        aParked('p2', { ...ambiguous, externalId: '2', detail: 'r2 r3' }),
        aParked('p3', { ...ambiguous, externalId: '3', installationId: 'sf', detail: 'r9' }),
        aParked('p4', { detail: 'r8' }),
      ]);
      assert.deepEqual((await tx.ambiguousRecordIds('hs')).toSorted(), ['r1', 'r2', 'r3']);
      await tx.park([
        aParked('p5', { ...ambiguous, externalId: '5', detail: 'r1' }),
        aParked('p6', { ...ambiguous, externalId: '6', detail: 'r9', installationId: 'sf' }),
        aParked('p7', { ...ambiguous, externalId: null, recordId: 'r1', detail: 'r1' }),
      ]);
      const rows = await tx.ambiguousRows('hs', ['r1', 'r2', 'r9']);
      assert.deepEqual(
        rows.map(({ externalId }) => externalId),
        ['5'],
      );
      assert.deepEqual(await tx.ambiguousRows('hs', []), []);
    });
  });

  it('gives the writes that are not settled, oldest first', async () => {
    const open = [
      aWrite('w1', { sentAt_ms: 3 }),
      aWrite('w2', { sentAt_ms: 1, state: 'uncertain', answeredAt_ms: 2 }),
      aWrite('w3', { sentAt_ms: 2, state: 'answered', values: { list: ['a'], none: null } }),
    ];
    await rig.store.tenant('a', async (tx) => {
      await tx.saveWrites([
        ...open,
        aWrite('w4', { state: 'confirmed' }),
        aWrite('w5', { state: 'rejected' }),
        aWrite('w6', { linkId: 'l2' }),
      ]);
      assert.deepEqual(await tx.openWrites(['l1']), [open[1], open[2], open[0]]);
      await tx.saveWrites(open.map((write) => ({ ...write, state: 'confirmed' as const })));
      assert.deepEqual(await tx.openWrites(['l1']), []);
    });
  });

  it('takes audit entries', () =>
    rig.store.tenant('a', async (tx) => {
      await tx.audit([
        { action: 'change', actor: 'person:5', subject: 'r1', detail: { fields: ['name'], count: 1 } },
        { action: 'change', actor: 'person:5', subject: 'r1', detail: {} },
      ]);
      await tx.audit([]);
    }));
}
