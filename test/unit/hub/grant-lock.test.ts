import assert from 'node:assert/strict';
import { grantLock } from '../../../hub/grant-lock.ts';
import { RetryLater } from '../../../protocol/errors.ts';
import { LeasesInMemory } from '../../kit/leases-in-memory.ts';

describe('hub/grant-lock', () => {
  const account = { tenantId: 'a', installationId: 'hs' };
  const rig = () => {
    let now_ms = 0;
    let ids = 0;
    const clock = {
      now_ms: () => now_ms,
      sleep: async (duration_ms: number) => {
        now_ms += duration_ms;
        await new Promise<void>((resolve) => setImmediate(resolve));
      },
    };
    const leases = new LeasesInMemory();
    const lock = grantLock({ leases, clock, ids: { next: () => `process ${(ids += 1)}` } });
    return { lock, clock };
  };

  it('lets one work at a time on an account, and others on other accounts', async () => {
    const { lock, clock } = rig();
    const said: string[] = [];
    const work = (name: string, who = account): Promise<void> =>
      lock(who, async () => {
        said.push(`${name} begins`);
        await clock.sleep(50);
        said.push(`${name} ends`);
      });
    await Promise.all([work('one'), work('two'), work('other', { ...account, tenantId: 'b' })]);
    const ofOne = said.filter((line) => !line.startsWith('other'));
    assert.equal(
      ofOne.findIndex((line) => line.endsWith('ends')),
      1,
      said.join(),
    );
    assert.equal(said.length, 6);
  });

  it('is given back by work that fails, with the work’s own error', async () => {
    const { lock } = rig();
    await assert.rejects(
      lock(account, () => Promise.reject(new RangeError('mine'))),
      RangeError,
    );
    assert.equal(await lock(account, async () => 7), 7);
  });

  it('asks to try later instead of waiting long', async () => {
    const { lock } = rig();
    const held = Promise.withResolvers<void>();
    const first = lock(account, () => held.promise);
    await assert.rejects(
      lock(account, async () => undefined),
      (error) => error instanceof RetryLater && error.retryAt_ms >= 6_000 && error.retryAt_ms <= 6_200,
    );
    held.resolve();
    await first;
  });
});
