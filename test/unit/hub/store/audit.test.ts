import assert from 'node:assert/strict';
import { Client } from 'pg';
import { openStore, type OpenStore } from '../../../../hub/store/open-store.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import { aChange } from '../../../conformance/store/nouns.ts';
import { tenantNamed, testClock } from '../../../conformance/store/rig.ts';
import { freshDatabase, type FreshDatabase } from '../../../kit/postgres.ts';

const entry = { action: 'change.event', actor: 'person:5', subject: 'r1', detail: { fields: ['name'] } };

describe('hub/store audit entries, in one transaction with what they tell of', () => {
  let database: FreshDatabase;
  let store: OpenStore;
  before(async function () {
    this.timeout(60_000);
    database = await freshDatabase();
    const keys = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } };
    store = await openStore({ url: database.appUrl, keys, clock: testClock() });
    await store.provisionTenant(tenantNamed('a'));
  });
  after(() => store?.close());

  /** Changes and audit entries that are stored. */
  const stored = async (): Promise<number[]> => {
    const client = new Client({ connectionString: database.ownerUrl, options: '-c app.tenant=a' });
    await client.connect();
    try {
      const { rows } = await client.query<{ count: number }>(
        'select count(*)::int as count from change union all select count(*)::int from audit',
      );
      return rows.map(({ count }) => count);
    } finally {
      await client.end();
    }
  };
  const change = async (tx: TenantTx): Promise<void> => {
    await tx.addChanges([aChange('c1')]);
    assert.equal((await tx.changesOf('r1', 9)).length, 1);
  };

  it('neither is there when the transaction fails after both', async () => {
    const work = store.tenant('a', async (tx) => {
      await change(tx);
      await tx.audit([entry]);
      throw new Error('afterwards');
    });
    await assert.rejects(work, /afterwards/);
    assert.deepEqual(await stored(), [0, 0]);
  });

  it('the change is not there when the entry is not taken, even where its failure is swallowed', async () => {
    const wrong = { ...entry, subject: null } as unknown as typeof entry;
    await assert.rejects(
      store.tenant('a', async (tx) => {
        await change(tx);
        await tx.audit([wrong]);
      }),
      /null value in column "subject" of relation "audit"/,
    );
    await store
      .tenant('a', async (tx) => {
        await change(tx);
        await tx.audit([wrong]).catch(() => undefined);
      })
      .catch(() => undefined);
    assert.deepEqual(await stored(), [0, 0]);
  });

  it('both are there when both are taken', async () => {
    await store.tenant('a', async (tx) => {
      await change(tx);
      await tx.audit([entry]);
    });
    assert.deepEqual(await stored(), [1, 1]);
  });
});
