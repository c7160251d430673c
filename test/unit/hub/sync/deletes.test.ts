import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import type { RowOutcome } from '../../../../protocol/crm-connector.ts';
import { Gone, Rejected, RetryLater } from '../../../../protocol/errors.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { companyStates, pausedObjects, putCompanies, recordAudits } from './deletes-rig.ts';
import { address, SyncRig } from './sync-rig.ts';

describe('hub/sync deletes', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  const companies = (count: number): Promise<string[]> => putCompanies(rig, count);
  const statesOf = (ids: readonly string[]): Promise<(string | undefined)[]> => companyStates(rig, ids);
  const paused = (): Promise<string[]> => pausedObjects(rig);

  it('follow from a reading that was whole, never from one that failed', async () => {
    const [id = ''] = await companies(1);
    const { crm } = rig.deps;
    const api = await crm.api('a', 'hs');
    const failing = { ...api, read: () => Promise.reject(new RetryLater('busy', rig.clock.now_ms() + 1_000)) };
    rig.rows.delete(`companies:${id}`);
    rig.deps.crm = { ...crm, api: async () => failing };
    await rig.observe('companies', id);
    assert.deepEqual(await statesOf([id]), ['live']);
    rig.deps.crm = crm;
    await rig.observe('companies');
    assert.deepEqual(await statesOf([id]), ['retired']);
  });

  it('a write that finds no row is no proof: the row is read', async () => {
    const [id = ''] = await companies(1);
    const { crm } = rig.deps;
    const api = await crm.api('a', 'hs');
    const refused: RowOutcome = { status: 'failed', error: new Gone('entity is deleted') };
    rig.deps.crm = { ...crm, api: async () => ({ ...api, write: async () => [refused] }) };
    await rig.changeHere('companies', id, { phone: '+49 1' });
    await deliverBatch(rig.deps, { ...address, lane: 'deliver' });
    rig.deps.crm = crm;
    assert.deepEqual([await statesOf([id]), await rig.waiting()], [['live'], 1]);
    await rig.observe('companies');
    assert.deepEqual(await statesOf([id]), ['live']);
    await deliverBatch(rig.deps, { ...address, lane: 'deliver' });
    assert.equal(rig.rows.get(`companies:${id}`)?.fields['phone'], '+49 1');
  });

  it('a few follow at once; too many of an object within ten minutes wait, those of another object do not', async () => {
    const ids = await companies(30);
    rig.put('contacts', '100', { email: 'a@x.example', 'association:companies': null });
    await rig.observe('contacts', '100');
    for (const id of ids) rig.rows.delete(`companies:${id}`);
    rig.rows.delete('contacts:100');
    await rig.observe('companies', ...ids.slice(0, 10));
    assert.deepEqual(new Set(await statesOf(ids.slice(0, 10))), new Set(['retired']));
    assert.deepEqual(await paused(), []);
    await rig.observe('companies', ...ids.slice(10));
    await rig.observe('contacts', '100');
    assert.deepEqual(new Set(await statesOf(ids.slice(10))), new Set(['live']));
    assert.equal((await rig.link('contacts', '100'))?.state, 'retired');
    assert.deepEqual(await paused(), ['companies']);
    const entries = await rig.parked('companies', ...ids);
    assert.deepEqual([entries.length, new Set(entries.map((one) => one.cause))], [20, new Set(['mass_delete'])]);
    assert.match(entries[0]?.remedy ?? '', /rapport deletes confirm a hs companies/);
    assert.equal(await rig.waiting(), 0);

    // What is written to one of them waits, too.
    await rig.changeHere('companies', '30', { phone: '+49 1' });
    await deliverBatch(rig.deps, { ...address, lane: 'deliver' });
    assert.deepEqual([rig.writes, (await rig.link('companies', '30'))?.deliverAt_ms], [[], null]);
  });

  describe('where the mapping says that the other row goes with it', () => {
    const deliver = (): Promise<number | undefined> => deliverBatch(rig.deps, { ...address, lane: 'deliver' });
    const recordId = async (): Promise<string> => (await rig.link('companies', '1'))?.recordId ?? '';
    const isDeleted = async (): Promise<boolean> => {
      const id = await recordId();
      return (await rig.tx((tx) => tx.record(id)))?.deletedAt_ms != null;
    };
    /** The Account is looked at, and is gone. */
    const lookThere = async (): Promise<void> => {
      const author = { kind: 'person', userId: '1' } as const;
      const at = { occurredAt_ms: rig.clock.now_ms(), author, own: false, lane: 'event', values: {} } as const;
      const event = {
        ...at,
        key: `there-${at.occurredAt_ms}`,
        object: 'Account',
        externalId: '001',
        change: 'deleted',
      } as const;
      await rig.deps.store.receive([{ tenantId: 'a', installationId: 'sf', events: [event] }]);
      await observeBatch(rig.deps, { tenantId: 'a', installationId: 'sf' } as WorkAddress);
      rig.clock.set(rig.clock.now_ms() + 1_000);
    };
    beforeEach(async () => {
      const { mappings } = rig.deps.mapper;
      const company = { ...mappings.kinds.company, onDelete: 'archive' } as const;
      rig.deps.mapper = createMapper({ ...mappings, kinds: { ...mappings.kinds, company } });
      await companies(1);
      const id = await recordId();
      await rig.tx(async (tx) => {
        await tx.updateInstallation('sf', { state: 'writing', confirmed: true });
        const base = { name: 'Company 1', phone: null };
        // The poll is whole: nothing else would have the row read before it is written.
        await tx.saveCursor('hs', 'poll:companies', JSON.stringify({ wholeAt_ms: rig.clock.now_ms() }));
        await tx.saveLinks([{ ...newLink('there', id, 'sf', 'Account', '001'), base, stamp_ms: 1 }]);
      });
      rig.clock.set(rig.clock.now_ms() + 1_000);
    });

    it('it is read once more and deleted, once', async () => {
      await lookThere();
      assert.equal(await isDeleted(), true);
      await deliver();
      assert.deepEqual(rig.archived, ['companies:1']);
      assert.deepEqual(await statesOf(['1']), ['retired']);
      await rig.observe('companies', '1');
      await deliver();
      assert.equal(rig.archived.length, 1);
      assert.equal(await rig.waiting(), 0);
    });

    it('both are in the audit: that a record is deleted, and that it lives again', async () => {
      const audits = recordAudits(rig);
      const id = await recordId();
      await lookThere();
      assert.deepEqual(audits, [`record.delete ${id}`]);
      rig.put('Account', '001', { Name: 'Company 1', Phone: null, Rapport_Id__c: id });
      await lookThere();
      assert.ok(audits.includes(`record.revive ${id}`), String(audits));
    });

    it('a row that somebody makes anew with its id is not deleted after it', async () => {
      await lookThere();
      await deliver();
      rig.put('companies', '9', { name: 'Company 1', phone: null, rapport_id: await recordId() });
      await rig.observe('companies', '9');
      await deliver();
      assert.deepEqual([rig.archived, await statesOf(['9'])], [['companies:1'], ['live']]);
      const record = await rig.tx(async (tx) => tx.record(String((await rig.link('companies', '9'))?.recordId)));
      assert.equal(record?.deletedAt_ms, null);
    });

    it('a row into which people merge another one is not deleted', async () => {
      rig.put('companies', '2', { name: 'Other', phone: null });
      await rig.observe('companies', '2');
      await lookThere();
      rig.put('companies', '1', { name: 'Company 1', phone: null }, { mergedFrom: ['2'] });
      rig.put('companies', '2', {}, { archived: true, mergedInto: '1' });
      await rig.observe('companies', '1', '2');
      await deliver();
      await deliver();
      assert.deepEqual([rig.archived, await isDeleted(), await statesOf(['1'])], [[], false, ['live']]);
    });

    it('a reading from a copy that lags does not count as the look before', async () => {
      await lookThere();
      assert.equal(await isDeleted(), true);
      rig.put('companies', '1', { name: 'Company 1', phone: null }, { stamp_ms: 5 });
      await deliver();
      assert.deepEqual(rig.archived, []);
      assert.ok(((await rig.link('companies', '1'))?.deliverAt_ms ?? 0) > rig.clock.now_ms(), 'it is looked at again');
    });

    it('not any more where the mapping has taken it back', async () => {
      await lookThere();
      const { mappings } = rig.deps.mapper;
      const company = { ...mappings.kinds.company, onDelete: 'keep' } as const;
      rig.deps.mapper = createMapper({ ...mappings, kinds: { ...mappings.kinds, company } });
      await deliver();
      assert.deepEqual([rig.archived, (await rig.link('companies', '1'))?.deliverAt_ms], [[], null]);
    });

    it('whether the row carries our id has no say in it; what the CRM refuses waits', async () => {
      await rig.tx(async (tx) => {
        const where = { installationId: 'hs', object: 'companies', externalId: '1', recordId: await recordId() };
        const entry = {
          ...where,
          field: null,
          cause: 'refused',
          detail: '',
          remedy: '',
          waitsFor: null,
          at_ms: 1,
        } as const;
        await tx.park([{ ...entry, id: '00000000-0000-7000-8000-000000000009', value: '[]' }]);
      });
      await lookThere();
      const api = await rig.deps.crm.api('a', 'hs');
      const archive = api.archive?.bind(api);
      let tries = 0;
      api.archive = async (_object, ids) => {
        tries += 1;
        const error = new Rejected('no', { code: 'LOCKED' });
        return ids.map(() => ({ status: 'failed', error }));
      };
      for (let batch = 0; batch < 3; batch += 1) await deliver();
      assert.deepEqual([tries, await statesOf(['1'])], [1, ['live']]);
      await rig.tx(async (tx) => tx.unpark((await tx.parkedAt('hs', 'companies', ['1'])).map(({ id }) => id)));
      await rig.tx(async (tx) => {
        const link = await rig.link('companies', '1');
        if (link) await tx.saveLinks([{ ...link, deliverAt_ms: rig.clock.now_ms() }]);
      });
      if (archive) api.archive = archive;
      await deliver();
      assert.deepEqual(rig.archived, ['companies:1']);
    });

    it('an edit that came before is kept, seen or not', async () => {
      rig.put('companies', '1', { name: 'Edited unseen', phone: null });
      await lookThere();
      await deliver();
      assert.deepEqual([rig.archived, await isDeleted(), await statesOf(['1'])], [[], false, ['live']]);
    });

    it('an edit that was not written there yet is kept', async () => {
      await rig.changeHere('companies', '1', { phone: '+49 1' });
      await lookThere();
      await deliver();
      assert.deepEqual([rig.archived, await isDeleted()], [[], false]);
      assert.equal(rig.rows.get('companies:1')?.fields['phone'], '+49 1');
    });

    it('restored, it is the same record, and what went with it is made again', async () => {
      await lookThere();
      await deliver();
      const id = await recordId();
      rig.put('Account', '001', { Name: 'Company 1', Phone: null, Rapport_Id__c: id });
      await lookThere();
      assert.equal(await isDeleted(), false);
      const links = await rig.tx((tx) => tx.linksOfRecords([id]));
      const live = links
        .filter((link) => link.state === 'live')
        .map((link) => `${link.installationId} ${link.externalId}`);
      assert.deepEqual(live.toSorted(), ['hs null', 'sf 001']);
      await deliver();
      assert.equal(
        (await rig.tx((tx) => tx.linksOfRecords([id]))).filter((link) => link.externalId === null).length,
        0,
      );
    });
  });

  it('a row of which nothing can be decided yet is not counted at each look', async () => {
    const ids = await companies(20);
    for (const id of ids.slice(0, 2)) rig.rows.delete(`companies:${id}`);
    const links = await rig.tx((tx) => tx.linksByExternalId('hs', 'companies', ['1', '2']));
    const answered_ms = rig.clock.now_ms() + 30_000;
    await rig.tx((tx) => tx.saveLinks(links.map((link) => ({ ...link, writtenAt_ms: answered_ms }))));
    await rig.hint('companies', '1', '2');
    for (let look = 0; look < 10; look += 1) await rig.observe('companies', '1', '2');
    rig.clock.set(answered_ms + 60_000);
    await rig.observe('companies', '1', '2');
    assert.deepEqual([await paused(), await statesOf(['1', '2'])], [[], ['retired', 'retired']]);
  });

  it('ten minutes later it begins anew', async () => {
    const ids = await companies(20);
    for (const id of ids) rig.rows.delete(`companies:${id}`);
    await rig.observe('companies', ...ids.slice(0, 10));
    rig.clock.set(rig.clock.now_ms() + 600_001);
    await rig.observe('companies', ...ids.slice(10));
    assert.deepEqual(new Set(await statesOf(ids)), new Set(['retired']));
  });

  it('one in a hundred may go, at most fifty', async () => {
    const ids = await companies(1_500);
    for (let page = 0; page < 5; page += 1) await rig.observe('companies');
    for (const id of ids) rig.rows.delete(`companies:${id}`);
    await rig.observe('companies', ...ids.slice(0, 14));
    assert.deepEqual(await paused(), []);
    await rig.observe('companies', '15', '16');
    assert.deepEqual(await paused(), ['companies']);
  }).timeout(20_000);
});
