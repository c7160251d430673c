import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { withKeys } from '../../../../hub/sync/record-keys.ts';
import type { RowOutcome, RowWrite } from '../../../../protocol/crm-connector.ts';
import { Rejected } from '../../../../protocol/errors.ts';
import { address, SyncRig } from './sync-rig.ts';

describe('hub/sync: a link stays where it is', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  it('whatever becomes of the values that it was matched by', async () => {
    rig.put('contacts', '1', { email: 'one@x.example', 'association:companies': null });
    rig.put('contacts', '2', { email: 'two@x.example', 'association:companies': null });
    await rig.observe('contacts', '1', '2');
    const before = [await rig.link('contacts', '1'), await rig.link('contacts', '2')].map((link) => link?.recordId);
    rig.put('contacts', '1', { email: 'two@x.example', 'association:companies': null });
    rig.put('contacts', '2', { email: 'one@x.example', 'association:companies': null });
    await rig.observe('contacts', '1', '2');
    const after = [await rig.link('contacts', '1'), await rig.link('contacts', '2')].map((link) => link?.recordId);
    assert.deepEqual(after, before);
    assert.deepEqual(await rig.parked('contacts', '1', '2'), []);
  });

  describe('a create that is refused since a row with a unique value is there', () => {
    const id = '00000000-0000-7000-8000-000000000001';
    const creates: RowWrite[] = [];
    const deliver = (): Promise<number | undefined> => deliverBatch(rig.deps, { ...address, lane: 'deliver' });
    beforeEach(async () => {
      creates.length = 0;
      const fields = { email: 'new@x.example', firstName: 'Nia' };
      const record = { id, kind: 'contact', fields, stamps: {}, deletedAt_ms: null, mergedInto: null } as const;
      await rig.tx(async (tx) => {
        await tx.saveRecords([withKeys(rig.deps.mapper, record)]);
        await tx.saveLinks([{ ...newLink('pending', id, 'hs', 'contacts', null), deliverAt_ms: rig.clock.now_ms() }]);
      });
      const { crm } = rig.deps;
      const api = await crm.api('a', 'hs');
      const write: typeof api.write = async (object, idField, rows, fieldNames, purpose) => {
        creates.push(...rows.filter((row) => row.externalId === null));
        if (rows.every((row) => row.externalId !== null)) return api.write(object, idField, rows, fieldNames, purpose);
        const error = new Rejected('Contact already exists. Existing ID: 7', { code: 'duplicate', existingId: '7' });
        return rows.map((): RowOutcome => ({ status: 'failed', error }));
      };
      rig.deps.crm = { ...crm, api: async () => ({ ...api, write }) };
    });

    it('is linked to that row where the match rules agree', async () => {
      rig.put('contacts', '7', { email: 'NEW@x.example', firstname: null, 'association:companies': null });
      await deliver();
      await rig.observe('contacts');
      const link = await rig.link('contacts', '7');
      assert.deepEqual([link?.recordId, link?.state], [id, 'live']);
      assert.deepEqual(await rig.tx((tx) => tx.parkedOf([id])), []);
      await deliver();
      assert.equal(rig.rows.get('contacts:7')?.fields['firstname'], 'Nia');
      assert.equal(creates.length, 1);
    });

    it('waits for a person, with that row’s id, where they do not, and is not sent again before its values change', async () => {
      rig.put('contacts', '7', { email: 'other@x.example', 'association:companies': null });
      await rig.observe('contacts', '7');
      await deliver();
      await rig.observe('contacts');
      const [entry, ...more] = await rig.tx((tx) => tx.parkedOf([id]));
      assert.deepEqual([entry?.cause, entry?.waitsFor, more.length], ['ambiguous_match', 'contacts:7', 0]);
      assert.match(entry?.remedy ?? '', /contacts 7/);
      await rig.tx(async (tx) =>
        tx.saveLinks([{ ...newLink('pending', id, 'hs', 'contacts', null), deliverAt_ms: 1 }]),
      );
      await deliver();
      assert.equal(creates.length, 1);
      const [record] = await rig.tx((tx) => tx.lockRecords([id]));
      assert.ok(record);
      await rig.tx(async (tx) => {
        const changed = { ...record, fields: { ...record.fields, firstName: 'Other' } };
        await tx.saveRecords([withKeys(rig.deps.mapper, changed)]);
        await tx.saveLinks([{ ...newLink('pending', id, 'hs', 'contacts', null), deliverAt_ms: 1 }]);
      });
      await deliver();
      assert.equal(creates.length, 2);
    });
  });
});
