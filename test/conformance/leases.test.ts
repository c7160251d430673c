import { openStore, type OpenStore } from '../../hub/store/open-store.ts';
import { LeasesInMemory } from '../kit/leases-in-memory.ts';
import { emptyTables, freshDatabase, type FreshDatabase } from '../kit/postgres.ts';
import { leaseConformance } from './leases.ts';
import { testClock } from './store/rig.ts';

describe('leases in PostgreSQL', () => {
  let database: FreshDatabase;
  let store: OpenStore;
  before(async () => {
    database = await freshDatabase();
    const keys = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } };
    store = await openStore({ url: database.appUrl, keys, clock: testClock() });
  });
  after(() => store.close());

  leaseConformance(async () => {
    await emptyTables(database);
    return store.leases;
  });
});

describe('leases in memory', () => leaseConformance(async () => new LeasesInMemory()));
