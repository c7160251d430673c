import assert from 'node:assert/strict';
import { confirmDeletes, pausedDeletes } from '../../../../hub/sync/confirm-deletes.ts';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { newLink } from '../../../../hub/sync/new-record.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import type { RowOutcome } from '../../../../protocol/crm-connector.ts';
import { Gone, RetryLater } from '../../../../protocol/errors.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { address, SyncRig } from './sync-rig.ts';

describe('hub/sync deletes', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  const idsTo = (last: number): string[] => Array.from({ length: last }, (_, index) => String(index + 1));
  const companies = async (count: number): Promise<string[]> => {
    const ids = idsTo(count);
    for (const id of ids) rig.put('companies', id, { name: `Company ${id}`, phone: null });
    await rig.observe('companies', ...ids);
    return ids;
  };
  const statesOf = async (ids: readonly string[]): Promise<(string | undefined)[]> => {
    const links = await rig.tx((tx) => tx.linksByExternalId('hs', 'companies', ids));
    return ids.map((id) => links.find((link) => link.externalId === id)?.state);
  };
  const paused = (): Promise<string[]> =>
    rig.tx(async (tx) => (await pausedDeletes(rig.deps, tx, 'hs')).map(({ object }) => object));

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

  it('a person says that it is right: what is gone then is gone; what was restored is there', async () => {
    const ids = await companies(15);
    for (const id of ids) rig.rows.delete(`companies:${id}`);
    await rig.observe('companies', ...ids);
    assert.deepEqual(new Set(await statesOf(ids)), new Set(['live']));
    rig.put('companies', '1', { name: 'Restored', phone: null });
    rig.put('companies', '2', { name: 'Restored, not seen yet', phone: null });
    await rig.observe('companies', '1');
    assert.deepEqual(await rig.parked('companies', '1'), []);
    assert.equal(await confirmDeletes(rig.deps, 'a', { installationId: 'hs', object: 'companies' }, 'person:x'), 14);
    await rig.observe('companies');
    assert.deepEqual(await statesOf(ids), ['live', 'live', ...Array.from({ length: 13 }, () => 'retired')]);
    assert.deepEqual([await rig.parked('companies', ...ids), await paused()], [[], []]);
    await assert.rejects(confirmDeletes(rig.deps, 'a', { installationId: 'hs', object: 'companies' }, 'person:x'));
  });
});
