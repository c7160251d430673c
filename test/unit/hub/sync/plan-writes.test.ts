import assert from 'node:assert/strict';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import type { SyncDeps } from '../../../../hub/sync/deps.ts';
import { planWrites } from '../../../../hub/sync/plan-writes.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import { openJobRig, type JobRig } from './job-rig.ts';

const address = { tenantId: 'a', installationId: 'hs', lane: 'deliver' } as const;

describe('hub/sync plans of two processes', () => {
  let on: JobRig;
  beforeEach(async () => {
    on = await openJobRig();
  });
  afterEach(() => on.close());

  it('what one has planned while the other waited for the record is not read back or sent by the other', async () => {
    const { rig } = on;
    rig.put('companies', '1', { name: 'One', domain: 'one.example' });
    await rig.observe('companies', '1');
    await rig.changeHere('companies', '1', { name: 'Changed' });
    await on.polled();
    const { store } = rig.deps;
    const planOfOther = async (): Promise<void> => {
      const installation = (await rig.tx((tx) => tx.installations())).find(({ id }) => id === 'hs');
      const described = await rig.deps.crm.describe('a', 'hs', 'companies');
      assert.ok(installation && described);
      const plan = await rig.tx((tx) =>
        planWrites(rig.deps, tx, installation, new Map([['companies', described]]), 200, new Set()),
      );
      assert.equal(plan?.deliveries.length, 1);
    };
    let isFirst = true;
    const slowly = (tx: TenantTx): TenantTx => ({
      ...tx,
      lockRecords: async (ids) => {
        if (isFirst) {
          isFirst = false;
          await planOfOther();
        }
        return tx.lockRecords(ids);
      },
    });
    const slow: SyncDeps = {
      ...rig.deps,
      store: { ...store, tenant: (tenantId, work) => store.tenant(tenantId, (tx) => work(slowly(tx))) },
    };
    rig.reads.length = 0;
    await deliverBatch(slow, address);
    assert.deepEqual([isFirst, rig.reads, rig.writes], [false, [], []]);
  });
});
