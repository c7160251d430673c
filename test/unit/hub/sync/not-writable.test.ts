import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { RetryLater } from '../../../../protocol/errors.ts';
import { address, SyncRig } from './sync-rig.ts';

const deliver = { ...address, lane: 'deliver' } as const;
const poll = { ...address, lane: 'poll' } as const;
const tenMinutes_ms = 600_000;

describe('hub/sync a field that an account does not show, or does not let be written', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    rig.put('companies', '1', { name: 'Old', phone: '+1', address: 'Weg 1', zip: '89073', city: 'Ulm', country: null });
    await rig.observe('companies', '1');
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
    await pollOnce(rig.deps, poll);
    await settle();
    rig.writes.length = 0;
  });
  afterEach(() => rig.close());

  const settle = async (): Promise<void> => {
    for (let batch = 0; batch < 4; batch += 1) {
      rig.clock.set(rig.clock.now_ms() + 2_000);
      await observeBatch(rig.deps, address);
      await deliverBatch(rig.deps, deliver);
    }
  };
  const waiting = async (): Promise<string[]> => {
    const recordId = String((await rig.link('companies', '1'))?.recordId);
    const entries = await rig.tx((tx) => tx.parkedOf([recordId]));
    return entries.map(({ field, cause }) => `${field}: ${cause}`);
  };
  const lookUp = async (): Promise<void> => {
    rig.clock.set(rig.clock.now_ms() + tenMinutes_ms);
    await pollOnce(rig.deps, poll);
    await settle();
  };
  const there = (field: string): unknown => rig.rows.get('companies:1')?.fields[field];

  for (const how of ['hidden', 'readOnly'] as const)
    it(`holds back its whole group, and writes it when the field is open again: ${how}`, async () => {
      rig[how].add('zip');
      await rig.changeHere('companies', '1', { street: 'Platz 2', postalCode: '10115', city: 'Berlin' });
      await settle();
      assert.deepEqual(rig.writes, [], 'half an address would stand there');
      assert.deepEqual(await waiting(), ['postalCode: not_writable']);
      assert.equal((await rig.link('companies', '1'))?.deliverAt_ms, null, 'and it is not tried again and again');
      await lookUp();
      assert.deepEqual(rig.writes, []);
      rig[how].clear();
      await lookUp();
      assert.deepEqual([there('address'), there('zip'), there('city')], ['Platz 2', '10115', 'Berlin']);
      assert.deepEqual(await waiting(), []);
    });

  it('writes the other fields meanwhile', async () => {
    rig.readOnly.add('zip');
    await rig.changeHere('companies', '1', { name: 'New', postalCode: '10115' });
    await settle();
    assert.deepEqual([there('name'), there('zip')], ['New', '89073']);
  });

  it('reads what it hid when it shows it again, though nothing tells of it', async () => {
    rig.hidden.add('phone');
    await rig.observe('companies', '1');
    assert.deepEqual(await waiting(), ['phone: unreadable']);
    const row = rig.rows.get('companies:1');
    if (row) rig.rows.set('companies:1', { ...row, fields: { ...row.fields, phone: '+2' } });
    await lookUp();
    assert.deepEqual(await waiting(), ['phone: unreadable']);
    rig.hidden.clear();
    await lookUp();
    assert.deepEqual([await waiting(), (await rig.link('companies', '1'))?.base?.['phone']], [[], '+2']);
  });

  it('asks for the associations of a row that it made, also where it could not be read back at once', async () => {
    const api = await rig.deps.crm.api('a', 'hs');
    const read = api.read.bind(api);
    api.read = async () => {
      throw new RetryLater('busy', rig.clock.now_ms());
    };
    rig.put('contacts', '7', { email: 'a@x.example' });
    const recordId = '00000000-0000-7000-8000-000000000001';
    await rig.tx(async (tx) => {
      const record = { id: recordId, kind: 'contact', fields: { email: 'b@x.example' }, stamps: {} } as const;
      await tx.saveRecords([{ record: { ...record, deletedAt_ms: null, mergedInto: null }, matchKeys: [] }]);
      const link = newLink('00000000-0000-7000-8000-000000000002', recordId, 'hs', 'contacts', null);
      await tx.saveLinks([{ ...link, deliverAt_ms: rig.clock.now_ms() }]);
    });
    await deliverBatch(rig.deps, deliver);
    assert.equal(rig.writes.length, 1);
    api.read = read;
    rig.clock.set(rig.clock.now_ms() + 2_000);
    await deliverBatch(rig.deps, deliver);
    assert.ok(rig.asked.at(-1)?.includes('association:companies'), 'what of them was not taken is known by that');
  });

  it('describes an object anew whose description lacks our id field: another process may have made it', async () => {
    const { crm } = rig.deps;
    let isStale = true;
    rig.deps.crm = {
      ...crm,
      describe: async (tenantId, id, object) => {
        const found = await crm.describe(tenantId, id, object);
        if (!found || !isStale) return found;
        const fields = Object.entries(found.fields).filter(([name]) => name !== 'rapport_id');
        return { ...found, fields: Object.fromEntries(fields) };
      },
      forgetDescriptions: () => void (isStale = false),
    };
    rig.put('companies', '2', { name: 'Two' });
    await rig.observe('companies', '2');
    await settle();
    assert.equal(rig.rows.get('companies:2')?.fields['rapport_id'], (await rig.link('companies', '2'))?.recordId);
  });
});
