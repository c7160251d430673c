import assert from 'node:assert/strict';
import { grantLock } from '../../../hub/grant-lock.ts';
import { RetryLater } from '../../../protocol/errors.ts';
import { LeasesInMemory } from '../../kit/leases-in-memory.ts';
import { VirtualClock } from './runs/virtual-clock.ts';

describe('hub/grant-lock', () => {
  const account = { tenantId: 'a', installationId: 'hs' };
  const rig = () => {
    let ids = 0;
    const clock = new VirtualClock(0);
    const leases = new LeasesInMemory();
    const lock = grantLock({ leases, clock, ids: { next: () => `process ${(ids += 1)}` } });
    /** Time passes in small steps, so that whoever sleeps wakes at its instant. */
    const pass = async (duration_ms: number): Promise<void> => {
      for (let passed_ms = 0; passed_ms < duration_ms; passed_ms += 50) {
        for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
        clock.pass(50);
      }
      for (let turn = 0; turn < 3; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
    };
    return { lock, clock, leases, pass };
  };

  it('lets one work at a time on an account, and others on other accounts', async () => {
    const { lock, clock, pass } = rig();
    const said: string[] = [];
    const work = (name: string, who = account): Promise<void> =>
      lock(who, async () => {
        said.push(`${name} begins`);
        await clock.sleep(50);
        said.push(`${name} ends`);
      });
    const all = Promise.all([work('one'), work('two'), work('other', { ...account, tenantId: 'b' })]);
    await pass(1_000);
    await all;
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
    const { lock, pass } = rig();
    const held = Promise.withResolvers<void>();
    const first = lock(account, () => held.promise);
    const second = assert.rejects(
      lock(account, async () => undefined),
      (error) => error instanceof RetryLater && error.retryAt_ms >= 6_000 && error.retryAt_ms <= 6_200,
    );
    await pass(6_000);
    await second;
    held.resolve();
    await first;
  });

  it('is held as long as the work takes, and not for ever by work that hangs', async () => {
    const { lock, leases, clock, pass } = rig();
    const held = Promise.withResolvers<void>();
    const first = lock(account, () => held.promise);
    const key = { ...account, what: 'token' } as const;
    const isFree = (): Promise<boolean> =>
      leases.take(key, { holder: 'another', now_ms: clock.now_ms(), lease_ms: 60_000 });
    for (let passed_ms = 0; passed_ms < 35_000; passed_ms += 2_500) {
      await pass(2_500);
      assert.equal(await isFree(), false, `after ${passed_ms + 2_500} ms`);
    }
    await pass(6_000);
    assert.equal(await isFree(), true);
    held.resolve();
    await first;
    assert.equal(leases.holderOf(key), 'another', 'what is lost is not given back');
  });

  it('of a process that was killed is free within seconds', async () => {
    const { lock, leases, pass } = rig();
    const renew = leases.renew.bind(leases);
    leases.renew = () => new Promise(() => undefined);
    void lock(account, () => new Promise(() => undefined));
    await pass(2_000);
    leases.renew = renew;
    const second = lock(account, async () => 'renewed');
    await pass(4_500);
    assert.equal(await second, 'renewed');
  });

  it('is not renewed once the work is done', async () => {
    const { lock, leases, pass } = rig();
    let renewals = 0;
    leases.renew = async () => ((renewals += 1), []);
    assert.equal(await lock(account, async () => 7), 7);
    await pass(10_000);
    assert.equal(renewals, 0);
  });
});
