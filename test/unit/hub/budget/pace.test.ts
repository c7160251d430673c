import assert from 'node:assert/strict';
import { vendorLimits } from '../../../../hub/budget/gates.ts';
import { InstallationGate } from '../../../../hub/budget/installation-gate.ts';
import { RateLimits } from '../../../../sandbox/hubspot/rate-limit.ts';
import { BudgetsInMemory } from '../../../kit/budgets-in-memory.ts';

/** A call may be this long under way, each another time, so that calls arrive closer together than they went. */
const underWay_ms = 200;

/** When calls of one class arrive that two processes make as fast as their gates let them, by a clock that only waiting moves. */
async function arrivals(endpoint: string, calls: number, begin_ms: number): Promise<number[]> {
  let now_ms = begin_ms;
  const clock = {
    now_ms: () => now_ms,
    sleep: async (duration_ms: number, signal?: AbortSignal) => {
      if (signal) await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve()));
      else now_ms += duration_ms;
    },
  };
  const nothing = (): void => undefined;
  const store = new BudgetsInMemory();
  const gates = [1, 2].map(
    () =>
      new InstallationGate({
        account: { tenantId: 'a', installationId: 'hs' },
        limits: vendorLimits.hubspot,
        store,
        clock,
        log: { info: nothing, warn: nothing, error: nothing },
        chance: () => 0,
        record: nothing,
      }),
  );
  const at_ms: number[] = [];
  for (let turn = 0; turn < calls; turn += 1) {
    const gate = gates[turn % 2] as InstallationGate;
    // For people, for whom all of it may be used.
    const purpose = { lane: 'interactive', what: 'test' } as const;
    await gate.call({ endpoint, object: 'deals', count: 1, purpose }, async (report) => {
      report({ remaining: null, window_ms: null, retryAt_ms: null });
      at_ms.push(now_ms + ((turn * 67) % underWay_ms));
    });
  }
  return at_ms.toSorted((one, other) => one - other);
}

/** Counts each arrival as HubSpot does; throws its 429. */
function count(kind: 'call' | 'search', at_ms: readonly number[]): void {
  let now_ms = 0;
  const limits = new RateLimits(() => now_ms);
  for (now_ms of at_ms) limits[kind](8_801_001);
}

describe('hub/budget the pace of HubSpot calls, under the limits of the stand-in', () => {
  for (const [kind, endpoint, calls, window_ms, allowed] of [
    ['call', 'crm', 800, 10_000, 110],
    ['search', 'search', 60, 1_000, 5],
  ] as const)
    it(`a burst of ${calls} of kind ${kind} meets no 429, wherever it begins, and uses most of what is allowed`, async () => {
      for (let offset_ms = 0; offset_ms < window_ms; offset_ms += window_ms / 8) {
        const at_ms = await arrivals(endpoint, calls, 1_795_000_000_000 + offset_ms);
        count(kind, at_ms);
        const took_ms = (at_ms.at(-1) ?? 0) - (at_ms[0] ?? 0);
        const least_ms = (calls / allowed) * window_ms;
        assert.ok(took_ms < least_ms * 1.3, `${took_ms} ms for what HubSpot allows in ${least_ms} ms`);
      }
    });

  it('one call more in each window would meet one: the stand-in counts as HubSpot does', () => {
    const evenly = (calls: number, window_ms: number): number[] =>
      Array.from({ length: calls }, (_, turn) => Math.floor((turn * window_ms) / calls));
    count('call', evenly(110, 10_000));
    count('search', evenly(5, 1_000));
    assert.throws(() => count('call', evenly(111, 10_000)), /TEN_SECONDLY_ROLLING|ten_secondly_rolling/);
    assert.throws(() => count('search', evenly(6, 1_000)), /secondly/);
  });
});
