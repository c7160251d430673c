import { Redis } from 'ioredis';
import { openAccount, type AccountState } from '../../protocol/account-state.ts';
import { inSlots, nextCallAt, peopleStay_ms, slotEnd_ms, slotsKept, type Ask } from '../../protocol/call-window.ts';
import { RetryLater } from '../../protocol/errors.ts';
import type { Account, Block, BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { swapScript, takeScript } from './redis-scripts.ts';

export interface OpenBudgets extends BudgetStore {
  close(): Promise<void>;
}

interface Scripted extends Redis {
  takeCalls(key: string, ...values: (string | number)[]): Promise<[number, string, string, string, string]>;
  swapAccount(key: string, ...values: (string | number)[]): Promise<number>;
}

const channel = 'rapport:account';
/** An account that nobody called for this long is forgotten: longer than any vendor closes one. */
const stateKept_ms = 7 * 86_400_000;
const outagePause_ms = 1_000;

/** Budgets in Redis (`redis://`, `rediss://`): each step one script. What is lost with Redis is at most one window's count. */
export function openRedisBudgets(options: { url: string; clock: Clock; log: Log }): OpenBudgets {
  const { url, clock, log } = options;
  // A call that waits for Redis must not wait longer than it would for its budget.
  const redis = new Redis(url, { maxRetriesPerRequest: 1, commandTimeout: 1_000 }) as Scripted;
  redis.defineCommand('takeCalls', { numberOfKeys: 1, lua: takeScript });
  redis.defineCommand('swapAccount', { numberOfKeys: 1, lua: swapScript });
  const listening: Redis[] = [];
  const lost = (error: Error): void => log.warn({ error: error.message }, 'connection of the call budgets lost');
  redis.on('error', lost);

  const reached = async <T>(work: Promise<T>): Promise<T> => {
    try {
      return await work;
    } catch (error) {
      throw new RetryLater('The store of the call budgets does not answer.', clock.now_ms() + outagePause_ms, error);
    }
  };

  return {
    async take(account, endpoint, ask): Promise<Block> {
      const answer = await reached(redis.takeCalls(`${keyOf(account)}:window:${endpoint}`, ...askValues(ask)));
      const [calls, slot, counts, pacedUntil_ms, peopleAt_ms] = answer;
      const window = {
        slot: Number(slot),
        counts: counts.split(',').map(Number),
        pacedUntil_ms: Number(pacedUntil_ms),
        peopleAt_ms: Number(peopleAt_ms),
      };
      const { window_ms } = ask.limit;
      return {
        calls,
        until_ms: slotEnd_ms(window, window_ms),
        nextAt_ms: nextCallAt(window, inSlots(ask), window_ms),
      };
    },

    async readState(account) {
      const [version, state] = await reached(redis.hmget(`${keyOf(account)}:state`, 'version', 'state'));
      if (!version || !state) return { version: 0, state: openAccount };
      return { version: Number(version), state: JSON.parse(state) as AccountState };
    },

    async swapState(account, version, state) {
      const key = `${keyOf(account)}:state`;
      return (await reached(redis.swapAccount(key, version, JSON.stringify(state), stateKept_ms))) === 1;
    },

    async announce({ tenantId, installationId }) {
      await reached(redis.publish(channel, JSON.stringify([tenantId, installationId])));
    },

    watch(listener) {
      const ear = new Redis(url, { maxRetriesPerRequest: null });
      listening.push(ear);
      ear.on('error', lost);
      // At every (re)connection: what was said while nobody heard is looked up again.
      ear.on('ready', () => listener(undefined));
      ear.on('message', (_, message: string) => {
        const [tenantId = '', installationId = ''] = JSON.parse(message) as string[];
        listener({ tenantId, installationId });
      });
      ear.subscribe(channel).catch(lost);
    },

    async close() {
      for (const one of [redis, ...listening]) one.disconnect();
    },
  };
}

/** One hash slot for an account, so that it lies on one node of a cluster. */
function keyOf({ tenantId, installationId }: Account): string {
  return `rapport:budget:{${JSON.stringify([tenantId, installationId])}}`;
}

function askValues(ask: Ask): number[] {
  const { wanted, slot, now_ms, peopleAt_ms, ceiling, depth_ms, step_ms } = inSlots(ask);
  const kept_ms = Math.ceil(2 * ask.limit.window_ms + peopleStay_ms);
  return [
    wanted,
    slot,
    now_ms,
    peopleAt_ms,
    ceiling.busy,
    ceiling.quiet,
    depth_ms,
    step_ms,
    slotsKept,
    peopleStay_ms,
    kept_ms,
  ];
}
