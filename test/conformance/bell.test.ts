import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { Redis } from 'ioredis';
import { openBell } from '../../hub/queue.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { eventually } from '../kit/eventually.ts';
import { freshDatabase } from '../kit/postgres.ts';
import { bellConformance } from './bell.ts';

const silent: Log = { info: () => undefined, warn: () => undefined, error: () => undefined };
const address = { tenantId: 'a', installationId: 'hs', lane: 'observe' } as const;

/** `freshUrl` gives the address of a queue that nobody else uses. */
function suite(freshUrl: () => Promise<string>): void {
  bellConformance(async () => openBell({ url: await freshUrl(), log: silent }));

  it('does not log what the error of failed work quotes', async () => {
    const said: string[] = [];
    const keep = (...parts: unknown[]): void => void said.push(JSON.stringify(parts));
    const bell = await openBell({ url: await freshUrl(), log: { info: keep, warn: keep, error: keep } });
    try {
      const rings: string[] = [];
      bell.work('observe', 1, async ({ installationId }) => {
        rings.push(installationId);
        if (installationId === 'hs') throw new Error('anna@canary.example is not valid');
      });
      await bell.ring([address]);
      await eventually(async () => assert.match(said.join(), /work failed/));
      await bell.ring([{ ...address, installationId: 'sf' }]);
      await eventually(async () => assert.deepEqual(rings, ['hs', 'sf']));
      assert.match(said.join(), /"installationId":"hs"/);
      assert.doesNotMatch(said.join(), /canary/);
    } finally {
      await bell.close();
    }
  });

  it('hears the ring of a killed worker again within 10 s', async () => {
    const url = await freshUrl();
    const victim = spawn(process.execPath, [join(import.meta.dirname, 'bell-victim.ts'), url], {
      stdio: ['ignore', 'pipe', 'inherit'],
    });
    const bell = await openBell({ url, log: silent });
    try {
      await once(victim.stdout, 'data');
      await bell.ring([address]);
      await once(victim.stdout, 'data');
      victim.kill('SIGKILL');
      await once(victim, 'exit');
      const killedAt_ms = performance.now();
      // What comes while the dead worker's lock still stands must not be lost either.
      await bell.ring([address]);
      await new Promise<void>((resolve) => bell.work('observe', 1, async () => resolve()));
      assert.ok(performance.now() - killedAt_ms < 10_000);
    } finally {
      victim.kill('SIGKILL');
      await bell.close();
    }
  });
}

describe('bell on PostgreSQL', () => suite(async () => (await freshDatabase()).appUrl));

const { REDIS_URL } = process.env;

if (REDIS_URL) {
  describe('bell on Redis', () =>
    suite(async () => {
      const redis = new Redis(REDIS_URL);
      const keys = await redis.keys('bull:rapport-*');
      if (keys.length > 0) await redis.del(keys);
      await redis.quit();
      return REDIS_URL;
    }));
} else {
  it('bell on Redis (needs REDIS_URL)');
}
