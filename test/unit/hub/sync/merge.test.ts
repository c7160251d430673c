import assert from 'node:assert/strict';
import { newLink } from '../../../../hub/sync/new-record.ts';
import type { VendorFields } from '../../../../protocol/fields.ts';
import type { Link, StoredRecord } from '../../../../protocol/nouns.ts';
import { SyncRig } from './sync-rig.ts';

describe('hub/sync merges', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  const recordOf = async (object: string, id: string): Promise<StoredRecord> => {
    const link = await rig.link(object, id);
    assert.ok(link, `${object} ${id} is linked`);
    const record = await rig.tx((tx) => tx.record(link.recordId));
    assert.ok(record);
    return record;
  };
  const state = async (id: string, object = 'companies'): Promise<string | undefined> =>
    (await rig.link(object, id))?.state;
  /** As HubSpot merges: a third row, with the first one's values and what only the second had. */
  const merge = (into: string, ids: [string, string], fields: VendorFields, object = 'companies'): void => {
    for (const id of ids) rig.put(object, id, {}, { archived: true, mergedInto: into });
    rig.put(object, into, fields, { mergedFrom: ids });
  };
  const two = async (): Promise<[StoredRecord, StoredRecord]> => {
    rig.put('companies', '1', { name: 'One', domain: 'one.example', phone: '+1 1' });
    rig.put('companies', '2', { name: 'Two', domain: 'two.example', city: 'Kiel' });
    await rig.observe('companies', '1', '2');
    return [await recordOf('companies', '1'), await recordOf('companies', '2')];
  };

  it('a third row that two became: one record with a live link to it, aliases, blanks filled, losing values kept', async () => {
    const [one, other] = await two();
    merge('3', ['1', '2'], { name: 'One', domain: 'one.example', phone: '+1 1', city: null, rapport_id: one.id });
    await rig.observe('companies', '2');
    const link = await rig.link('companies', '3');
    assert.deepEqual([link?.state, link?.recordId], ['live', one.id]);
    for (const id of ['1', '2']) {
      const alias = await rig.link('companies', id);
      assert.deepEqual([alias?.state, alias?.recordId, alias?.base], ['alias', one.id, null]);
    }
    const { fields } = await recordOf('companies', '3');
    assert.deepEqual([fields['name'], fields['phone'], fields['city']], ['One', '+1 1', 'Kiel']);
    assert.notEqual(link?.deliverAt_ms, null, 'the city is written to the survivor');
    const lost = await rig.tx((tx) => tx.conflictsOf(one.id, 9));
    assert.deepEqual(lost.map(({ field, lost, kept, reason }) => [field, lost, kept, reason].join(' ')).toSorted(), [
      'domain two.example one.example merged',
      'name Two One merged',
    ]);
    const ended = await rig.tx((tx) => tx.record(other.id));
    assert.deepEqual([ended?.mergedInto, ended?.fields, ended?.deletedAt_ms !== null], [one.id, {}, true]);
    assert.equal(await rig.waiting(), 0);
  });

  it('is the same whichever row is looked at first, and once', async () => {
    for (const first of ['1', '2', '3']) {
      const fresh = await SyncRig.open();
      rig.close().catch(() => undefined);
      rig = fresh;
      const [one] = await two();
      merge('3', ['1', '2'], { name: 'One', domain: 'one.example', rapport_id: one.id });
      await rig.observe('companies', first);
      await rig.observe('companies', '1', '2', '3');
      const links = await rig.tx((tx) => tx.linksOfRecords([one.id]));
      const seen = links
        .filter((link) => link.installationId === 'hs')
        .map((link) => `${link.externalId} ${link.state}`);
      assert.deepEqual(seen.toSorted(), ['1 alias', '2 alias', '3 live']);
      assert.equal((await rig.tx((tx) => tx.conflictsOf(one.id, 9))).length, 2);
      assert.equal(await rig.waiting(), 0);
    }
  });

  it('a merge of merges leads every id to the last row in one step', async () => {
    const [one] = await two();
    rig.put('companies', '4', { name: 'Four', domain: 'four.example' });
    await rig.observe('companies', '4');
    const four = await recordOf('companies', '4');
    merge('3', ['1', '2'], { name: 'One', domain: 'one.example', rapport_id: one.id });
    await rig.observe('companies', '3');
    for (const id of ['1', '2', '3', '4']) rig.put('companies', id, {}, { archived: true, mergedInto: '5' });
    const fields = { name: 'Four', domain: 'four.example', rapport_id: four.id };
    rig.put('companies', '5', fields, { mergedFrom: ['1', '2', '3', '4'] });
    await rig.observe('companies', '3');
    for (const id of ['1', '2', '3', '4']) {
      const link = await rig.link('companies', id);
      assert.deepEqual([link?.state, link?.recordId], ['alias', four.id], id);
    }
    assert.equal(await state('5'), 'live');
    const all = await rig.tx((tx) => tx.foldedInto([one.id, four.id]));
    assert.deepEqual([...all], [[one.id, four.id]]);
  });

  it('a master that stays keeps its link; one that nobody knew takes over the loser’s', async () => {
    const [one] = await two();
    rig.put('companies', '2', {}, { archived: true, mergedInto: '1' });
    await rig.observe('companies', '2');
    assert.deepEqual([await state('1'), await state('2')], ['live', 'alias']);
    rig.put('companies', '1', {}, { archived: true, mergedInto: '9' });
    rig.put('companies', '9', { name: 'Nine', domain: 'one.example' });
    await rig.observe('companies', '1');
    const link = await rig.link('companies', '9');
    assert.deepEqual([link?.state, link?.recordId, await state('1')], ['live', one.id, 'alias']);
    assert.equal((await recordOf('companies', '9')).fields['name'], 'Nine', 'what people kept at the survivor stands');
    assert.notEqual(link?.deliverAt_ms, null, 'our id is missing there and is written');
  });

  it('what referred to the loser refers to the survivor, nothing is written for it, and each child is read again', async () => {
    const [one, other] = await two();
    rig.put('contacts', '7', { email: 'c@two.example', 'association:companies': '2' });
    rig.put('deals', '8', { dealname: 'Deal', 'association:companies': '1', 'associations:contacts': ['7'] });
    await rig.observe('contacts', '7');
    await rig.observe('deals', '8');
    assert.equal((await recordOf('contacts', '7')).fields['company'], other.id);
    merge('3', ['1', '2'], { name: 'One', domain: 'one.example', rapport_id: one.id });
    rig.put('contacts', '7', { email: 'c@two.example', 'association:companies': '3' });
    rig.reads.length = 0;
    await rig.observe('companies', '2');
    assert.equal((await recordOf('contacts', '7')).fields['company'], one.id);
    assert.equal((await rig.link('contacts', '7'))?.base?.['company'], one.id);
    assert.equal(await rig.waiting(), 2, 'the contact, and the deal of the survivor');
    await rig.observe('companies');
    assert.ok(rig.reads.flat().includes('7') && rig.reads.flat().includes('8'));
    const { id } = await recordOf('contacts', '7');
    const changes = await rig.tx((tx) => tx.changesOf(id, 9));
    assert.ok(changes.every(({ field, cause }) => field !== 'company' || cause.lane === 'first'));
  });
  const link = (found: Link | undefined): Link => {
    assert.ok(found);
    return found;
  };

  it('at another account one row stays linked; the second is left alone and shown until it is merged there', async () => {
    const [one, other] = await two();
    const links = [one, other].map((record, index) => ({
      ...newLink(`sf-${index}`, record.id, 'sf', 'Account', `00${index}`),
      base: { name: record.fields['name'] ?? null },
    }));
    await rig.tx((tx) => tx.saveLinks(links));
    merge('3', ['1', '2'], { name: 'One', domain: 'one.example', rapport_id: one.id });
    await rig.observe('companies', '3');
    const there = await rig.tx((tx) => tx.linksByExternalId('sf', 'Account', ['000', '001']));
    const seen = there.map(({ externalId, state, recordId }) => `${externalId} ${state} ${recordId}`);
    assert.deepEqual(seen.toSorted(), [`000 live ${one.id}`, `001 alias ${one.id}`]);
    const [entry, ...more] = await rig.tx((tx) => tx.parkedAt('sf', 'Account', ['001']));
    assert.deepEqual([entry?.cause, entry?.recordId, more.length], ['merged_elsewhere', one.id, 0]);
    assert.match(entry?.detail ?? '', /in HubSpot.* 000/);
    assert.match(entry?.remedy ?? '', /Merge this one and 000/);
  });

  it('waits while the outcome of a write to a merged row is not known', async () => {
    const [one] = await two();
    const loser = link(await rig.link('companies', '2'));
    const write = { id: 'w', linkId: loser.id, values: { name: 'x' }, answeredAt_ms: null } as const;
    const cause = { lane: 'event', id: 'c' } as const;
    await rig.tx((tx) => tx.saveWrites([{ ...write, state: 'uncertain', sentAt_ms: 0, cause }]));
    merge('3', ['1', '2'], { name: 'One', rapport_id: one.id });
    await rig.observe('companies', '3');
    assert.deepEqual([await state('1'), await state('2'), await state('3')], ['live', 'live', undefined]);
    assert.equal(await rig.waiting(), 1);
    await rig.tx((tx) => tx.saveWrites([{ ...write, state: 'rejected', sentAt_ms: 0, cause }]));
    await rig.observe('companies');
    assert.deepEqual([await state('1'), await state('2'), await state('3')], ['alias', 'alias', 'live']);
  });

  it('a row that carries the id of a record that was merged belongs to the survivor’s', async () => {
    const [one, other] = await two();
    rig.put('companies', '2', {}, { archived: true, mergedInto: '1' });
    await rig.observe('companies', '2');
    rig.rows.delete('companies:1');
    await rig.observe('companies', '1');
    rig.put('companies', '6', { name: 'Imported again', rapport_id: other.id });
    await rig.observe('companies', '6');
    assert.equal((await rig.link('companies', '6'))?.recordId, one.id);
  });

  it('a loser that is restored is a row of its own again', async () => {
    const [one] = await two();
    rig.put('companies', '2', {}, { archived: true, mergedInto: '1' });
    await rig.observe('companies', '2');
    rig.put('companies', '2', { name: 'Two is back', domain: 'back.example' });
    await rig.observe('companies', '2');
    const back = await rig.link('companies', '2');
    assert.equal(back?.state, 'live');
    assert.notEqual(back.recordId, one.id);
    assert.equal((await recordOf('companies', '2')).fields['name'], 'Two is back');
    assert.equal(await state('1'), 'live');
  });

  it('a copy that carries our id gets a record of its own, and is given its own id; the original keeps its link', async () => {
    rig.put('companies', '1', { name: 'One', domain: 'one.example' });
    await rig.observe('companies', '1');
    const one = await recordOf('companies', '1');
    rig.put('companies', '1', { name: 'One', domain: 'one.example', rapport_id: one.id });
    rig.put('companies', '2', { name: 'One', domain: 'one.example', rapport_id: one.id });
    await rig.observe('companies', '2');
    const copy = await rig.link('companies', '2');
    assert.ok(copy && copy.recordId !== one.id && copy.deliverAt_ms !== null);
    assert.equal((await rig.link('companies', '1'))?.recordId, one.id);
    assert.deepEqual(await rig.parked('companies', '1', '2'), []);
  });

  it('a row that carries our id takes the record over when the original is gone', async () => {
    rig.put('companies', '1', { name: 'One' });
    await rig.observe('companies', '1');
    const one = await recordOf('companies', '1');
    rig.rows.delete('companies:1');
    rig.put('companies', '2', { name: 'One', rapport_id: one.id });
    await rig.observe('companies', '2');
    assert.deepEqual([await state('1'), await state('2')], ['live', undefined], 'a copy may not know the original yet');
    rig.clock.set(rig.clock.now_ms() + 120_000);
    await rig.observe('companies');
    assert.equal(await state('1'), 'retired');
    await rig.observe('companies', '2');
    assert.equal((await rig.link('companies', '2'))?.recordId, one.id);
  });

  it('a survivor that shows for ever what ended in it takes the lock of matching once', async () => {
    rig.put('companies', '1', { name: 'One' });
    rig.put('companies', '2', { name: 'Two' });
    await rig.observe('companies', '1', '2');
    rig.put('companies', '1', { name: 'One' }, { mergedFrom: ['2'] });
    rig.put('companies', '2', {}, { archived: true, mergedInto: '1' });
    const { store } = rig.deps;
    let locks = 0;
    rig.deps.store = {
      ...store,
      tenant: (id, work) =>
        store.tenant(id, (tx) =>
          work({
            ...tx,
            lockMatching: (kind) => {
              locks += 1;
              return tx.lockMatching(kind);
            },
          }),
        ),
    };
    await rig.observe('companies', '1', '2');
    assert.equal(await state('2'), 'alias');
    const before = locks;
    rig.put('companies', '1', { name: 'One', phone: '+1' }, { mergedFrom: ['2'] });
    await rig.observe('companies', '1');
    assert.equal(locks, before);
  });
});
