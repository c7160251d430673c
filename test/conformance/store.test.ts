import { openStore } from '../../hub/store/open-store.ts';
import type { FreshDatabase } from '../kit/postgres.ts';
import { emptyTables, freshDatabase } from '../kit/postgres.ts';
import { storeConformance } from './store.ts';

describe('store on PostgreSQL', () => {
  let database: FreshDatabase | undefined;

  storeConformance(async (clock) => {
    database ??= await freshDatabase();
    await emptyTables(database);
    return openStore({ url: database.appUrl, keys: { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } }, clock });
  });
});
