import assert from 'node:assert/strict';
import { CallbackTeller } from '../../../../hub/runs/tell-callbacks.ts';
import type { RunDeps } from '../../../../hub/runs/deps.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { Gone, Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import type { Callback } from '../../../../protocol/run.ts';
import { aRun } from '../../../conformance/store/nouns.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('hub/runs CallbackTeller', () => {
  const start_ms = 1_000_000;

  /** Callbacks named `<installation>/<step>` of a run that has succeeded, and what each call of the vendor does. */
  const telling = (names: readonly string[], complete: (name: string) => Promise<void>) => {
    const clock = new VirtualClock(start_ms);
    const run = aRun('one', { state: 'succeeded', finishedAt_ms: start_ms });
    const callbacks = new Map(
      names.map((name): [string, Callback] => [
        name,
        { runId: 'one', installationId: name.split('/')[0] ?? '', callbackId: name, state: 'waiting' },
      ]),
    );
    const calls: string[] = [];
    const tx = {
      untoldCallbacks: async () =>
        [...callbacks.values()].filter(({ state }) => state === 'waiting').map((callback) => ({ callback, run })),
      saveCallback: async (callback: Callback) => void callbacks.set(callback.callbackId, callback),
    } as unknown as TenantTx;
    const api = {
      completeCallback: async (name: string) => {
        calls.push(name);
        await complete(name);
      },
    } as unknown as CrmApi;
    const teller = new CallbackTeller({
      store: { tenant: (_: string, work: (tx: TenantTx) => Promise<unknown>) => work(tx) },
      crm: { api: async () => api },
      clock,
      log: { warn: () => undefined },
    } as unknown as RunDeps);
    const states = (): string[] => [...callbacks.values()].map(({ callbackId, state }) => `${callbackId} ${state}`);
    return { clock, calls, states, tell: () => teller.tell('a') };
  };

  it('tells each once', async () => {
    const rig = telling(['hs/1', 'hs/2'], async () => undefined);
    assert.equal(await rig.tell(), undefined);
    assert.equal(await rig.tell(), undefined);
    assert.deepEqual(rig.calls, ['hs/1', 'hs/2']);
    assert.deepEqual(rig.states(), ['hs/1 completed', 'hs/2 completed']);
  });

  it('ends with what nobody waits for any more', async () => {
    const rig = telling(['hs/1'], () => Promise.reject(new Gone('The step is gone.')));
    assert.equal(await rig.tell(), undefined);
    assert.deepEqual(rig.states(), ['hs/1 expired']);
  });

  it('stops the calls of a broken account for a minute, and tells the others', async () => {
    const rig = telling(['hs/1', 'hs/2', 'other/3'], (name) =>
      name.startsWith('hs') ? Promise.reject(new Reconnect('The grant is broken.')) : Promise.resolve(),
    );
    assert.equal(await rig.tell(), start_ms + 60_000);
    rig.clock.pass(59_999);
    assert.equal(await rig.tell(), start_ms + 60_000);
    assert.deepEqual(rig.calls, ['hs/1', 'other/3']);
    rig.clock.pass(1);
    await rig.tell();
    assert.deepEqual(rig.calls, ['hs/1', 'other/3', 'hs/1']);
  });

  it('waits as long as the vendor asks', async () => {
    const rig = telling(['hs/1', 'hs/2'], () => Promise.reject(new RetryLater('Busy.', start_ms + 20_000)));
    assert.equal(await rig.tell(), start_ms + 20_000);
    assert.deepEqual(rig.calls, ['hs/1']);
  });

  it('waits twice as long each time, for one step alone', async () => {
    const rig = telling(['hs/1', 'hs/2'], (name) =>
      name === 'hs/1' ? Promise.reject(new Error('odd')) : Promise.resolve(),
    );
    const pauses: number[] = [];
    for (let attempt = 0; attempt < 10; attempt++) {
      const pause_ms = ((await rig.tell()) ?? 0) - rig.clock.now_ms();
      pauses.push(pause_ms / 1_000);
      rig.clock.pass(pause_ms);
    }
    assert.deepEqual(pauses, [2, 4, 8, 16, 32, 64, 128, 256, 300, 300]);
    assert.deepEqual(rig.states(), ['hs/1 waiting', 'hs/2 completed']);
  });

  it('gives up when the expiry that the vendor was given has passed', async () => {
    const rig = telling(['hs/1'], () => Promise.reject(new Reconnect('The grant is broken.')));
    await rig.tell();
    rig.clock.pass(3_600_001);
    assert.equal(await rig.tell(), undefined);
    assert.deepEqual(rig.states(), ['hs/1 expired']);
    assert.equal(rig.calls.length, 1);
  });
});
