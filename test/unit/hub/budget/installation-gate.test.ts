import assert from 'node:assert/strict';
import { usedUpAt_ms } from '../../../../protocol/allowance.ts';
import { RetryLater } from '../../../../protocol/errors.ts';
import { gateRig, start_ms } from './gate-rig.ts';

const day_ms = 86_400_000;
const about = { endpoint: 'crm', object: 'deals', count: 1, purpose: { lane: 'interactive', what: 'test' } } as const;

describe('hub/budget InstallationGate, under a limit of 100 calls in 10 s', () => {
  it('lets a fifth go at once and the rest in even steps, over two processes never more than the limit in any window', async () => {
    const { gate, call } = gateRig();
    const both = [gate(), gate()];
    const went: number[] = [];
    for (let turn = 0; turn < 400; turn += 1) went.push(await call(both[turn % 2] as (typeof both)[number]));
    assert.ok(went.slice(0, 12).every((at_ms) => at_ms === 0));
    for (const [turn, at_ms] of went.entries())
      assert.ok((went[turn + 100] ?? Infinity) - at_ms >= 9_750, `call ${turn} begins a window of more than 100`);
    assert.ok((went.at(-1) ?? 0) < 43_000, `400 calls took ${went.at(-1)} ms`);
  });

  it('gives work with a share no more than that, however little the others do, and the others all the rest', async () => {
    const { gate, clock } = gateRig();
    const both = [gate(), gate()];
    const sweep = { ...about, purpose: { lane: 'background', what: 'sweep', share: 0.3 } } as const;
    const went: number[] = [];
    for (let turn = 0; turn < 90; turn += 1) {
      await (both[turn % 2] as (typeof both)[number]).call(sweep, async () => undefined);
      went.push(clock.now_ms());
    }
    for (const [turn, at_ms] of went.entries())
      assert.ok((went[turn + 30] ?? Infinity) - at_ms >= 9_750, `call ${turn} begins a window of more than 30`);
    assert.ok((went.at(-1) ?? 0) - start_ms < 40_000, 'and no less');
    const before_ms = clock.now_ms();
    for (let turn = 0; turn < 60; turn += 1) await both[0]?.call(about, async () => undefined);
    assert.ok(clock.now_ms() - before_ms < 6_000, 'others are not held to the share');
  });

  it('takes a share of a day’s allowance by the hour where the vendor has no shorter window', async () => {
    const { gate, clock } = gateRig({ limits: {} });
    const one = gate();
    const sweep = { ...about, purpose: { lane: 'background', what: 'sweep', share: 0.3 } } as const;
    const reading = { remaining: 24_000, limit: 24_000, window_ms: day_ms, retryAt_ms: null };
    const call = (): Promise<void> => one.call(sweep, async (report) => report(reading));
    let calls = 0;
    for (; calls < 1_000 && clock.now_ms() < start_ms + 3_500_000; calls += 1)
      await call().catch(async (error: unknown) => {
        assert.ok(error instanceof RetryLater);
        calls -= 1;
        await clock.sleep(error.retryAt_ms - clock.now_ms());
      });
    assert.ok(calls > 250 && calls <= 302, `${calls} calls in an hour of which 300 are the share`);
  });

  it('makes none wait long when more is wanted than the limit allows', async () => {
    const { gate, call, pass } = gateRig();
    const one = gate();
    let longest_ms = 0;
    let last_ms = 0;
    for (let turn = 0; turn < 600; turn += 1) {
      pass(50);
      const at_ms = await call(one);
      longest_ms = Math.max(longest_ms, at_ms - last_ms);
      last_ms = at_ms;
    }
    assert.ok(longest_ms <= 2_250, `a call waited ${longest_ms} ms`);
  });

  it('asks the store for blocks while calls come close together, and for each call while they do not', async () => {
    const { gate, call, pass, store } = gateRig();
    const one = gate();
    for (let turn = 0; turn < 20; turn += 1) await call(one);
    assert.ok(store.takes <= 8, `${store.takes} for 20 calls`);
    pass(60_000);
    store.takes = 0;
    for (let turn = 0; turn < 5; turn += 1) {
      await call(one);
      pass(1_000);
    }
    assert.equal(store.takes, 5);
  });

  it('what was taken and not used lapses with its slot', async () => {
    const { gate, call, pass, store } = gateRig();
    const one = gate();
    await Promise.all(Array.from({ length: 6 }, () => call(one)));
    await call(one);
    pass(250);
    store.takes = 0;
    await call(one);
    assert.equal(store.takes, 1);
  });

  it('keeps Retry-After in every process at once, with a block in hand too, and never shortens it', async () => {
    const { gate, call } = gateRig();
    const [here, there] = [gate(), gate()];
    await Promise.all([call(there), call(there), call(there)]);
    // Two are under way: the one that was answered last says less.
    const answers = [60_000, 1_000].map((after_ms) => {
      const answered = Promise.withResolvers<void>();
      const ended = here.call(about, async (report) => {
        await answered.promise;
        report({ remaining: null, window_ms: null, retryAt_ms: start_ms + after_ms });
      });
      return { answer: answered.resolve, ended };
    });
    for (const { answer, ended } of answers) {
      await new Promise((resolve) => setImmediate(resolve));
      answer();
      await ended;
    }
    for (const one of [here, there])
      await assert.rejects(call(one), (error) => error instanceof RetryLater && error.retryAt_ms === start_ms + 60_000);
  });

  it('waits for a short Retry-After', async () => {
    const { gate, call } = gateRig();
    const [here, there] = [gate(), gate()];
    await call(here, { retryAt_ms: start_ms + 3_000 });
    assert.ok((await call(there)) >= 3_000);
  });

  it('takes the limit that the vendor names', async () => {
    const { gate, call, pass } = gateRig();
    const one = gate();
    await call(one, { limit: 200, remaining: 150, window_ms: 10_000 });
    pass(10_000);
    const went: number[] = [];
    for (let turn = 0; turn < 38; turn += 1) went.push(await call(one));
    assert.ok(
      went.every((at_ms) => at_ms === 10_000),
      String(went),
    );
  });

  it('of an allowance for a day background work leaves a tenth to people, and asks again after a quarter of an hour', async () => {
    const { gate, call, pass } = gateRig({ limits: {} });
    const [here, there] = [gate(), gate()];
    const said = (remaining: number) => ({ limit: 15_000, remaining, window_ms: day_ms });
    await call(here, said(1_499));
    for (const one of [here, there]) {
      await assert.rejects(call(one, said(1_499), 'background'), RetryLater);
      await call(one, said(1_499));
    }
    pass(15 * 60_000);
    await call(there, said(9_000), 'background');
    await call(here, said(9_000), 'background');
  });

  it('foresees when an allowance will be used up at the present rate', async () => {
    const { gate, call, pass, store } = gateRig({ limits: {} });
    const one = gate();
    let remaining = 10_000;
    for (let minute = 0; minute < 240; minute += 1) {
      await call(one, { limit: 15_000, remaining, window_ms: day_ms });
      remaining -= 20;
      pass(60_000);
    }
    const { state } = await store.readState({ tenantId: 'a', installationId: 'hs' });
    assert.ok(state.allowance);
    const expected_ms = state.allowance.at_ms + (state.allowance.remaining / 20) * 60_000;
    assert.ok(Math.abs((usedUpAt_ms(state.allowance) ?? 0) - expected_ms) < 60_000);
    await call(one, { limit: 15_000, remaining: 15_000, window_ms: day_ms });
    const later = (await store.readState({ tenantId: 'a', installationId: 'hs' })).state.allowance;
    assert.equal(later && usedUpAt_ms(later), null, 'it comes back faster than it is used');
  });
});
