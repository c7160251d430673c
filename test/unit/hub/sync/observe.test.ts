import assert from 'node:assert/strict';
import { hint } from '../../../../hub/sync/hint.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import { address, SyncRig } from './sync-rig.ts';

describe('hub/sync observe: what waits stops nothing else', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  it('parks a row that cannot be taken in, by the class of its fault alone; its neighbours go on', async () => {
    const { mapper } = rig.deps;
    const toCanonical: typeof mapper.toCanonical = (about, row, resolve) => {
      if (row['name'] === 'Poison') throw new RangeError('quotes Poison');
      return mapper.toCanonical(about, row, resolve);
    };
    rig.deps.mapper = { ...mapper, toCanonical };
    rig.put('companies', '1', { name: 'One' });
    rig.put('companies', '2', { name: 'Poison' });
    rig.put('companies', '3', { name: 'Three' });
    await rig.observe('companies', '1', '2', '3');
    assert.ok((await rig.link('companies', '1'))?.base);
    assert.ok((await rig.link('companies', '3'))?.base);
    const [entry, ...others] = await rig.parked('companies', '1', '2', '3');
    assert.deepEqual(others, []);
    assert.deepEqual(
      [entry?.externalId, entry?.field, entry?.cause, entry?.detail],
      ['2', null, 'unreadable', 'RangeError'],
    );
    assert.equal(await rig.waiting(), 0);

    rig.put('companies', '2', { name: 'Cured' });
    await rig.observe('companies', '2');
    assert.deepEqual(await rig.parked('companies', '2'), []);
  });

  it('a restored row whose place another has taken waits for a person', async () => {
    rig.put('companies', '1', { name: 'One', domain: 'one.example' });
    await rig.observe('companies', '1');
    rig.rows.delete('companies:1');
    await rig.observe('companies', '1');
    rig.put('companies', '2', { name: 'One again', domain: 'one.example' });
    await rig.observe('companies', '2');
    const taker = await rig.link('companies', '2');
    assert.equal(taker?.recordId, (await rig.link('companies', '1'))?.recordId, 'the second took the place');
    rig.put('companies', '1', { name: 'One', domain: 'one.example' });
    rig.put('companies', '3', { name: 'Beside' });
    await rig.observe('companies', '1', '3');
    assert.equal((await rig.link('companies', '1'))?.state, 'retired');
    assert.ok((await rig.link('companies', '3'))?.base);
    const [entry] = await rig.parked('companies', '1');
    assert.deepEqual([entry?.cause, entry?.detail], ['ambiguous_match', taker?.recordId]);
    assert.equal(await rig.waiting(), 0);
  });

  it('two rows that match one record by different rules both wait, and the record gets a row when they are gone', async () => {
    // A record that the account does not have: known by name and domain from elsewhere.
    const id = '00000000-0000-7000-8000-000000000001';
    const fields = { name: 'Twin', domain: 'twin.example' };
    const matchKeys = [
      ...rig.deps.mapper.matchKeys('company', fields).flat(),
      ...rig.deps.mapper.matchKeys('company', { name: 'Twin' }).flat(),
    ];
    const record = { id, kind: 'company', fields, stamps: {}, deletedAt_ms: null, mergedInto: null } as const;
    await rig.tx((tx) => tx.saveRecords([{ record, matchKeys }]));
    rig.put('companies', '1', { name: 'Other name', domain: 'twin.example' });
    rig.put('companies', '2', { name: 'Twin' });
    await rig.observe('companies', '1', '2');
    const entries = await rig.parked('companies', '1', '2');
    assert.deepEqual(
      entries.map(({ cause, detail }) => [cause, detail]),
      [
        ['ambiguous_match', id],
        ['ambiguous_match', id],
      ],
    );
    rig.rows.delete('companies:1');
    await rig.observe('companies', '1');
    assert.deepEqual(await rig.parked('companies', '1'), []);
    assert.deepEqual(await rig.tx((tx) => tx.linksOfRecords([id])), [], 'the other one may be this record still');
    rig.rows.delete('companies:2');
    await rig.observe('companies', '2');
    const [link] = await rig.tx((tx) => tx.linksOfRecords([id]));
    assert.deepEqual([link?.installationId, link?.externalId, link?.state], ['hs', null, 'live']);
    assert.notEqual(link?.deliverAt_ms, null);
  });

  it('a row that is gone keeps the vendor’s last stamp: a restored one with an older clock is no stale reading', async () => {
    rig.put('companies', '1', { name: 'One' }, { stamp_ms: 5_000 });
    await rig.observe('companies', '1');
    rig.rows.delete('companies:1');
    await rig.observe('companies', '1');
    assert.deepEqual(
      [(await rig.link('companies', '1'))?.state, (await rig.link('companies', '1'))?.stamp_ms],
      ['retired', 5_000],
    );
    rig.put('companies', '1', { name: 'Back' }, { stamp_ms: 6_000 });
    await rig.observe('companies', '1');
    assert.equal((await rig.link('companies', '1'))?.base?.['name'], 'Back');
  });

  it('reads nothing while a write is open, and looks again ever more seldom', async () => {
    rig.put('companies', '1', { name: 'One' });
    await rig.observe('companies', '1');
    const link = await rig.link('companies', '1');
    assert.ok(link);
    const write = { id: 'w', linkId: link.id, values: { name: 'Ours' }, state: 'sent', answeredAt_ms: null } as const;
    const cause = { lane: 'event', id: 'c' } as const;
    await rig.tx((tx) => tx.saveWrites([{ ...write, sentAt_ms: rig.clock.now_ms(), cause }]));
    const reads = rig.reads.length;
    await rig.hint('companies', '1');
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const now_ms = rig.clock.now_ms();
      const next_ms = await observeBatch(rig.deps, address);
      assert.ok(next_ms !== undefined && next_ms > now_ms);
      pauses.push(next_ms - now_ms);
      rig.clock.set(next_ms);
    }
    assert.equal(rig.reads.length, reads);
    assert.equal(pauses[0], 200);
    assert.ok(Math.max(...pauses) >= 25_000 && Math.max(...pauses) <= 60_000, String(pauses));
    await rig.tx((tx) => tx.saveWrites([{ ...write, state: 'rejected', sentAt_ms: 0, cause }]));
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await observeBatch(rig.deps, address);
    assert.equal(rig.reads.length, reads + 1);
    assert.equal(await rig.waiting(), 0);
  });

  it('a field that was readable and is not shown any more is parked; shown again, it is let go', async () => {
    rig.put('companies', '1', { name: 'One', city: 'Oslo', address: 'Street 1' });
    await rig.observe('companies', '1');
    rig.put('companies', '1', { name: 'One', address: 'Street 1' });
    await rig.observe('companies', '1');
    const [entry, ...others] = await rig.parked('companies', '1');
    assert.deepEqual([entry?.field, entry?.cause, others.length], ['city', 'unreadable', 0]);
    assert.equal((await rig.link('companies', '1'))?.base?.['city'], 'Oslo');
    rig.put('companies', '1', { name: 'One', city: 'Oslo', address: 'Street 1' });
    await rig.observe('companies', '1');
    assert.deepEqual(await rig.parked('companies', '1'), []);
  });

  it('wakes a row that waits for a second parent the same day', async () => {
    rig.put('deals', '9', { dealname: 'Deal', 'association:companies': '1', 'associations:contacts': [] });
    await rig.observe('deals', '9');
    assert.equal((await rig.parked('deals', '9'))[0]?.waitsFor, 'companies:1');
    rig.put('deals', '9', { dealname: 'Deal', 'association:companies': '2', 'associations:contacts': [] });
    for (const parent of ['1', '2']) {
      rig.put('companies', parent, { name: `Parent ${parent}` });
      await rig.observe('companies', parent);
      await observeBatch(rig.deps, address);
    }
    assert.deepEqual(await rig.parked('deals', '9'), []);
    assert.ok((await rig.link('deals', '9'))?.base);
  });

  it('an entry of a row that waits for its parent ends when the row is gone', async () => {
    rig.put('deals', '9', { dealname: 'Deal', 'association:companies': '1', 'associations:contacts': [] });
    await rig.observe('deals', '9');
    assert.equal((await rig.parked('deals', '9'))[0]?.cause, 'missing_parent');
    rig.rows.delete('deals:9');
    await rig.observe('deals', '9');
    assert.deepEqual(await rig.parked('deals', '9'), []);
  });

  it('a person who is erased before they are linked is forgotten, and stays so', async () => {
    const fields = { email: 'twin@erased.example', 'association:companies': null };
    rig.put('contacts', '1', fields);
    rig.put('contacts', '2', fields);
    await rig.observe('contacts', '1');
    await rig.observe('contacts', '2');
    assert.equal((await rig.parked('contacts', '2'))[0]?.cause, 'ambiguous_match');
    const seen = { values: {}, occurredAt_ms: rig.clock.now_ms(), author: { kind: 'unknown', userId: null } } as const;
    const erased = { key: 'erased', object: 'contacts', externalId: '2', change: 'erased', lane: 'event' } as const;
    await rig.tx((tx) => tx.addInbox('hs', [{ ...erased, ...seen, own: false }]));
    await rig.observe('contacts', '2');
    assert.deepEqual(await rig.parked('contacts', '2'), []);
    assert.equal(await rig.waiting(), 0);
    await rig.observe('contacts', '2');
    assert.deepEqual([await rig.parked('contacts', '2'), await rig.link('contacts', '2')], [[], undefined]);
    assert.ok(await rig.link('contacts', '1'));
  });

  it('a row that a reading does not find may be unknown to a copy yet: it is gone after a minute, or when an event says so', async () => {
    rig.put('companies', '1', { name: 'One' });
    rig.put('companies', '2', { name: 'Two' });
    await rig.observe('companies', '1', '2');
    const rows = [rig.rows.get('companies:1'), rig.rows.get('companies:2')];
    await rig.hint('companies', '1', '2');
    rig.rows.clear();
    await observeBatch(rig.deps, address);
    const states = async (): Promise<unknown[]> => [
      (await rig.link('companies', '1'))?.state,
      (await rig.link('companies', '2'))?.state,
    ];
    assert.deepEqual([await states(), await rig.waiting()], [['live', 'live'], 2]);
    if (rows[0]) rig.rows.set('companies:1', rows[0]);
    rig.clock.set(rig.clock.now_ms() + 60_000);
    await observeBatch(rig.deps, address);
    assert.deepEqual([await states(), await rig.waiting()], [['live', 'retired'], 0]);
    rig.rows.clear();
    await rig.observe('companies', '1');
    assert.deepEqual(await states(), ['retired', 'retired'], 'the hint tells of a deletion');
  });

  it('a second edit within the second of a stamp is seen by the poll though no event tells of it', async () => {
    const second_ms = rig.clock.now_ms();
    rig.put('companies', '1', { name: 'First' }, { stamp_ms: second_ms });
    await rig.hint('companies', '1');
    await observeBatch(rig.deps, address);
    rig.put('companies', '1', { name: 'Second' }, { stamp_ms: second_ms });
    const name = async (): Promise<unknown> => (await rig.link('companies', '1'))?.base?.['name'];
    const listed = hint({ id: 'hs' } as Installation, 'companies', { externalId: '1', stamp_ms: second_ms }, 'poll');
    await rig.deps.store.receive([{ tenantId: 'a', installationId: 'hs', events: [listed] }]);
    const reads = rig.reads.length;
    await observeBatch(rig.deps, address);
    assert.deepEqual([rig.reads.length, await name()], [reads, 'First'], 'the second is not over');
    rig.clock.set(second_ms + 1_000);
    await observeBatch(rig.deps, address);
    assert.deepEqual([await name(), await rig.waiting()], ['Second', 0]);
    // The same stamp listed long after says nothing new.
    rig.clock.set(second_ms + 700_000);
    const again = { ...listed, key: 'again' };
    await rig.deps.store.receive([{ tenantId: 'a', installationId: 'hs', events: [again] }]);
    await observeBatch(rig.deps, address);
    assert.deepEqual([rig.reads.length, await rig.waiting()], [reads + 1, 0]);
  });
});
