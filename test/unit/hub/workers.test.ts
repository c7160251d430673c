import assert from 'node:assert/strict';
import { startWorkers, type WorkerDeps } from '../../../hub/workers.ts';
import { Rejected, RetryLater } from '../../../protocol/errors.ts';
import type { WorkAddress, WorkLane } from '../../../protocol/ports/bell.ts';
import { SimBell } from '../../sim/sim-bell.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';

describe('hub/workers', () => {
  const address: WorkAddress = { tenantId: 't', installationId: 'i', lane: 'deliver' };
  const other: WorkAddress = { ...address, installationId: 'other' };
  const rig = () => {
    const said: unknown[] = [];
    const scans: (readonly WorkLane[] | undefined)[] = [];
    const released: (number | undefined)[] = [];
    let answer: () => Promise<number | undefined> = async () => undefined;
    let work: ((address: WorkAddress) => Promise<void>) | undefined;
    const note = (about: object, message: string): void => void said.push({ ...about, said: message });
    const deps = {
      store: {
        claim: async (claimed: WorkAddress) => ({ address: claimed, until_ms: 1 }),
        release: async (_: unknown, next_ms: number | undefined) => void released.push(next_ms),
        dueNow: async (_now: number, _limit: number, lanes?: readonly WorkLane[]) => {
          scans.push(lanes);
          return [];
        },
      },
      bell: {
        ring: async () => undefined,
        work: (_lane: WorkLane, _concurrency: number, handler: typeof work) => void (work = handler),
      },
      clock: {
        now_ms: () => 0,
        sleep: (_ms: number, signal?: AbortSignal) =>
          new Promise<void>((resolve) => {
            if (signal?.aborted) resolve();
            else signal?.addEventListener('abort', () => resolve());
          }),
      },
      log: { info: note, warn: note, error: note },
      accountBroken: async () => undefined,
    } as unknown as WorkerDeps;
    const workers = startWorkers(deps, { deliver: () => answer() });
    const look = async (at: WorkAddress, next: typeof answer): Promise<number | undefined> => {
      answer = next;
      await work?.(at);
      return released.at(-1);
    };
    return { said, scans, look, stop: () => workers.stop() };
  };
  const fail = async (): Promise<never> => {
    throw new RangeError('quotes 4711');
  };

  it('waits twice as long after each failure of an address, up to a minute, and anew after a success', async () => {
    const { look, stop } = rig();
    const pauses: (number | undefined)[] = [];
    for (let time = 0; time < 7; time += 1) pauses.push(await look(address, fail));
    assert.deepEqual(pauses, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
    assert.equal(await look(other, fail), 2_000);
    assert.equal(await look(address, () => Promise.reject(new RetryLater('later', 700))), 700);
    assert.equal(await look(address, async () => undefined), undefined);
    assert.equal(await look(address, fail), 2_000);
    await stop();
  });

  it('work that hangs keeps no place from other accounts, and is not begun twice', async () => {
    const clock = new VirtualClock(0);
    const bell = new SimBell();
    const begun: string[] = [];
    const ended = Promise.withResolvers<void>();
    const claims: string[] = [];
    const deps = {
      store: {
        claim: async (claimed: WorkAddress) => {
          claims.push(claimed.installationId);
          return { address: claimed, until_ms: 1 };
        },
        release: async () => undefined,
        dueNow: async () => [],
      },
      bell,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      accountBroken: async () => undefined,
    } as unknown as WorkerDeps;
    const workers = startWorkers(deps, {
      observe: async ({ installationId }) => {
        begun.push(installationId);
        if (installationId.startsWith('hangs')) await ended.promise;
        return undefined;
      },
    });
    const at = (installationId: string): WorkAddress => ({ tenantId: 't', installationId, lane: 'observe' });
    const hanging = Array.from({ length: 20 }, (_, index) => at(`hangs ${index}`));
    await bell.ring([...hanging, at('well')]);
    await clock.runUntil(5_000);
    assert.equal(begun.length, 8, 'all places are taken');
    await clock.runUntil(25_000);
    assert.ok(begun.includes('well'));
    await bell.ring([hanging[0] as WorkAddress]);
    await clock.runUntil(26_000);
    assert.equal(begun.length, 21);
    assert.equal(claims.length, 21);
    ended.resolve();
    await clock.runUntil(26_500);
    await bell.ring([hanging[0] as WorkAddress]);
    await clock.runUntil(27_000);
    assert.equal(begun.length, 22, 'it is begun again when it has ended');
    await workers.stop();
    await bell.close();
  });

  it('gives a lease back when the database is there again, while the lease lasts', async () => {
    const clock = new VirtualClock(0);
    const bell = new SimBell();
    const released: number[] = [];
    const deps = {
      store: {
        claim: async (claimed: WorkAddress) => ({ address: claimed, until_ms: clock.now_ms() + 7_000 }),
        release: async () => {
          if (clock.now_ms() < 3_000) throw new RetryLater('The database does not answer.', clock.now_ms() + 1_000);
          released.push(clock.now_ms());
        },
        dueNow: async () => [],
      },
      bell,
      clock,
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      accountBroken: async () => undefined,
    } as unknown as WorkerDeps;
    const workers = startWorkers(deps, { deliver: async () => undefined });
    await bell.ring([address]);
    await clock.runUntil(8_000);
    assert.deepEqual(released, [3_000]);
    await workers.stop();
    await bell.close();
  });

  it('asks only for work of the lanes that it has, so that others’ work hides none', async () => {
    const { scans, stop } = rig();
    await stop();
    assert.deepEqual(scans, [['deliver']]);
  });

  it('logs the class and code of a vendor’s refusal, never its words', async () => {
    const { said, look, stop } = rig();
    const cause = new Error('the vendor quotes 4711');
    await look(address, () => Promise.reject(new Rejected('quotes 4711', { code: 'TOO_LONG', cause })));
    await look(address, fail);
    await stop();
    const text = JSON.stringify(said);
    assert.match(text, /"Rejected".*TOO_LONG/);
    assert.doesNotMatch(text, /4711/);
  });
});
