import { Redis } from 'ioredis';
import { openBell } from '../../hub/queue.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { freshDatabase } from '../kit/postgres.ts';
import { bellConformance } from './bell.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };

describe('bell on PostgreSQL', () => {
  bellConformance(async () => {
    const { appUrl } = await freshDatabase();
    return openBell({ url: appUrl, log: silent });
  });
});

const { REDIS_URL } = process.env;

if (REDIS_URL) {
  describe('bell on Redis', () => {
    bellConformance(async () => {
      const redis = new Redis(REDIS_URL);
      const keys = await redis.keys('bull:rapport-*');
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
      return openBell({ url: REDIS_URL, log: silent });
    });
  });
} else {
  it('bell on Redis (needs REDIS_URL)');
}
