import { Redis } from 'ioredis';
import { openRedisBudgets, type OpenBudgets } from '../../hub/budget/redis-budgets.ts';
import { openStore, type OpenStore } from '../../hub/store/open-store.ts';
import { systemClock } from '../../hub/system-clock.ts';
import { BudgetsInMemory } from '../kit/budgets-in-memory.ts';
import { emptyTables, freshDatabase, type FreshDatabase } from '../kit/postgres.ts';
import { budgetConformance } from './budget.ts';

const silent = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('call budgets in PostgreSQL', () => {
  let database: FreshDatabase;
  let stores: readonly [OpenStore, OpenStore];
  before(async () => {
    database = await freshDatabase();
    const keys = { current: 'k1', keys: { k1: Buffer.alloc(32, 1) } };
    const open = (): Promise<OpenStore> => openStore({ url: database.appUrl, keys, clock: systemClock });
    stores = [await open(), await open()];
  });
  after(() => Promise.all(stores.map((store) => store.close())));

  budgetConformance(async () => {
    await emptyTables(database);
    return [stores[0].budgets, stores[1].budgets];
  });
});

describe('call budgets in memory', () =>
  budgetConformance(async () => {
    const both = new BudgetsInMemory();
    return [both, both];
  }));

const { REDIS_URL } = process.env;

if (REDIS_URL) {
  describe('call budgets in Redis', () => {
    const opened: OpenBudgets[] = [];
    afterEach(() => Promise.all(opened.splice(0).map((one) => one.close())));

    budgetConformance(async () => {
      const redis = new Redis(REDIS_URL);
      const keys = await redis.keys('rapport:budget:*');
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
      const open = (): OpenBudgets => openRedisBudgets({ url: REDIS_URL, clock: systemClock, log: silent });
      const both = [open(), open()] as const;
      opened.push(...both);
      return both;
    });
  });
} else {
  it('call budgets in Redis (needs REDIS_URL)');
}
