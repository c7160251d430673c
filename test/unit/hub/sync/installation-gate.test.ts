import assert from 'node:assert/strict';
import { InstallationGate } from '../../../../hub/sync/installation-gate.ts';

describe('hub/sync InstallationGate, under a budget of 100 calls in 10 s', () => {
  const rig = () => {
    let now_ms = 0;
    const clock = {
      now_ms: () => now_ms,
      sleep: async (duration_ms: number) => void (now_ms += duration_ms),
    };
    const gate = new InstallationGate(clock, { default: { calls: 100, window_ms: 10_000 } }, () => undefined);
    /** When a call that is made now goes. */
    const goesAt = (): Promise<number> =>
      gate.call(
        { endpoint: 'read', object: 'deals', count: 1, purpose: { lane: 'interactive', what: 'observe' } },
        async () => now_ms,
      );
    const pass = (duration_ms: number): void => void (now_ms += duration_ms);
    return { goesAt, pass };
  };

  it('lets a fifth go at once and the rest in even steps, never more than the budget in any window', async () => {
    const { goesAt } = rig();
    const went: number[] = [];
    for (let call = 0; call < 150; call += 1) went.push(await goesAt());
    assert.equal(went[19], 0);
    assert.deepEqual(went.slice(20, 23), [125, 250, 375]);
    for (const [call, at_ms] of went.entries())
      assert.ok((went[call + 100] ?? Infinity) - at_ms >= 10_000, `call ${call} begins a window of more than 100`);
  });

  it('makes none wait long when more is wanted than the budget allows', async () => {
    const { goesAt, pass } = rig();
    let longest_ms = 0;
    let last_ms = 0;
    for (let call = 0; call < 600; call += 1) {
      pass(50);
      const at_ms = await goesAt();
      longest_ms = Math.max(longest_ms, at_ms - last_ms);
      last_ms = at_ms;
    }
    assert.ok(longest_ms <= 200, `a call waited ${longest_ms} ms`);
  });
});
