import assert from 'node:assert/strict';
import { confirmDeletes } from '../../../../hub/sync/confirm-deletes.ts';
import { companyStates, pausedObjects, putCompanies, recordAudits } from './deletes-rig.ts';
import { SyncRig } from './sync-rig.ts';

describe('hub/sync deletes that wait for a person', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  const companies = (count: number): Promise<string[]> => putCompanies(rig, count);
  const statesOf = (ids: readonly string[]): Promise<(string | undefined)[]> => companyStates(rig, ids);
  const paused = (): Promise<string[]> => pausedObjects(rig);

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
    assert.deepEqual(await paused(), []);
    assert.deepEqual(await statesOf(ids), ['live', 'live', ...Array.from({ length: 13 }, () => 'retired')]);
    assert.deepEqual([await rig.parked('companies', ...ids), await paused()], [[], []]);
    const confirm = (installationId: string): Promise<number> =>
      confirmDeletes(rig.deps, 'a', { installationId, object: 'companies' }, 'person:x');
    await assert.rejects(confirm('hs'), { name: 'Gone', message: /No deletions of companies wait/ });
    await assert.rejects(confirm('hs-9'), { name: 'Gone', message: 'Tenant a has no account hs-9.' });
  });

  describe('a confirmation', () => {
    const of = { installationId: 'hs', object: 'companies' };
    const gone = async (count: number): Promise<string[]> => {
      const ids = await companies(count);
      for (let page = 0; page < 5; page += 1) await rig.observe('companies');
      for (const id of ids) rig.rows.delete(`companies:${id}`);
      await rig.observe('companies', ...ids);
      for (let page = 0; page < 5; page += 1) await rig.observe('companies');
      return ids;
    };
    it('that is cut off is given again for what is left, and each part is in the audit', async () => {
      const ids = await gone(600);
      const audits = recordAudits(rig);
      const { store } = rig.deps;
      let transactions = 0;
      const dying: typeof store = {
        ...store,
        tenant: (id, work) => {
          transactions += 1;
          return transactions > 2 ? Promise.reject(new Error('killed')) : store.tenant(id, work);
        },
      };
      await assert.rejects(confirmDeletes({ ...rig.deps, store: dying }, 'a', of, 'person:x'), /killed/);
      assert.deepEqual([await paused(), audits], [['companies'], ['deletes.confirm hs']]);
      const left = (await rig.parked('companies', ...ids)).length;
      assert.ok(left > 0 && left < 600, String(left));
      assert.equal(await confirmDeletes(rig.deps, 'a', of, 'person:x'), left);
      for (let page = 0; page < 5; page += 1) await rig.observe('companies');
      assert.deepEqual(new Set(await statesOf(ids)), new Set(['retired']));
      assert.deepEqual([await paused(), audits.filter((one) => one.startsWith('deletes')).length], [[], 2]);
    }).timeout(30_000);

    it('is not for rows that go afterwards: they wait on', async () => {
      await gone(30);
      rig.put('companies', 'late', { name: 'Late' });
      await rig.observe('companies', 'late');
      rig.rows.delete('companies:late');
      const spoken_ms = rig.clock.now_ms();
      await rig.observe('companies', 'late');
      const clock = { ...rig.deps.clock, now_ms: () => spoken_ms - 1 };
      const count = await confirmDeletes({ ...rig.deps, clock }, 'a', of, 'person:x');
      await rig.observe('companies');
      assert.deepEqual([count, await paused(), await statesOf(['late'])], [30, ['companies'], ['live']]);
    });
  });
});
