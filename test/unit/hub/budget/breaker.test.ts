import assert from 'node:assert/strict';
import { RetryLater, Uncertain } from '../../../../protocol/errors.ts';
import { gateRig, start_ms } from './gate-rig.ts';

describe('hub/budget InstallationGate, while the vendor is down', () => {
  const hour_ms = 3_600_000;
  const silence = new RetryLater('no answer', start_ms + 5_000);
  const rig = (chance = () => 0) => {
    const world = gateRig({ limits: {}, chance });
    const gates = [world.gate(), world.gate()] as const;
    /** What becomes of a call: `sent`, or the instant after which to try again. */
    const attempt = async (which: 0 | 1, reading: Parameters<typeof world.call>[1]): Promise<number | 'sent'> => {
      let sent = false;
      try {
        await gates[which].call(
          { endpoint: 'crm', object: 'deals', count: 1, purpose: { lane: 'background', what: 'test' } },
          async (report) => {
            sent = true;
            if (reading instanceof Error) throw reading;
            report({ remaining: null, window_ms: null, retryAt_ms: null, ...reading });
          },
        );
      } catch (error) {
        if (!sent) return error instanceof RetryLater ? error.retryAt_ms - start_ms : assert.fail(String(error));
      }
      return 'sent';
    };
    const trip = async (): Promise<void> => {
      for (let time = 0; time < 5; time += 1) assert.equal(await attempt(0, silence), 'sent');
    };
    return { ...world, attempt, trip };
  };

  it('closes for all processes after five failures in a row, by answers of 5xx or none', async () => {
    for (const failure of [silence, new Uncertain('cut'), { down: true }]) {
      const { attempt } = rig();
      for (let time = 0; time < 4; time += 1) assert.equal(await attempt(0, failure), 'sent');
      await attempt(0, {});
      for (let time = 0; time < 5; time += 1) assert.equal(await attempt(0, failure), 'sent');
      assert.deepEqual([await attempt(0, {}), await attempt(1, {})], [2_000, 2_000]);
    }
  });

  it('is not closed by refusals and limits', async () => {
    const { attempt, pass } = rig();
    for (let time = 0; time < 10; time += 1) {
      assert.equal(await attempt(0, { retryAt_ms: start_ms + 10 * time, down: false }), 'sent');
      assert.equal(await attempt(0, new TypeError('ours')), 'sent');
      pass(20);
    }
  });

  it('is tried by one call of all processes, and opens when that is answered', async () => {
    const { attempt, trip, pass } = rig();
    await trip();
    pass(2_000);
    const [first, second] = await Promise.all([attempt(0, silence), attempt(1, silence)]);
    assert.equal([first, second].filter((one) => one === 'sent').length, 1);
    pass(4_000);
    assert.equal(await attempt(1, {}), 'sent');
    assert.deepEqual([await attempt(0, {}), await attempt(1, {})], ['sent', 'sent']);
  });

  it('waits twice as long after each try in vain, up to a minute, and up to half less by chance', async () => {
    for (const [chance, expected] of [
      [0, [2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
      [0.999_999, [1_001, 2_001, 4_001, 8_001, 16_001, 30_001, 30_001]],
    ] as const) {
      const { attempt, trip, pass, clock } = rig(() => chance);
      await trip();
      const waits: number[] = [];
      for (let time = 0; time < expected.length; time += 1) {
        const again_ms = await attempt(1, {});
        assert.ok(typeof again_ms === 'number');
        const wait_ms = again_ms - (clock.now_ms() - start_ms);
        waits.push(wait_ms);
        pass(wait_ms);
        assert.equal(await attempt(0, silence), 'sent');
      }
      assert.deepEqual(waits, expected);
    }
  });

  it('a probe that is never heard of again is followed by another', async () => {
    const { attempt, trip, pass, gate } = rig();
    await trip();
    pass(2_000);
    const lost = gate().call(
      { endpoint: 'crm', object: 'deals', count: 1, purpose: { lane: 'background', what: 'test' } },
      () => new Promise<never>(() => undefined),
    );
    lost.catch(() => undefined);
    await new Promise((resolve) => setImmediate(resolve));
    assert.equal(typeof (await attempt(1, {})), 'number');
    pass(35_000);
    assert.equal(await attempt(1, {}), 'sent');
  });

  it('in an hour of 503s makes no more calls than in an hour of health, and goes on within a minute afterwards', async () => {
    const { attempt, pass, clock } = rig(Math.random);
    /** Lanes of two processes, each of which has something to do every ten seconds, and comes back when it is told to. */
    const lanes = Array.from({ length: 8 }, (_, index) => ({ which: (index % 2) as 0 | 1, next_ms: 0 }));
    const base = lanes.length * 360;
    let sent = 0;
    for (; clock.now_ms() < start_ms + hour_ms; pass(100)) {
      for (const lane of lanes) {
        const now_ms = clock.now_ms() - start_ms;
        if (lane.next_ms > now_ms) continue;
        const outcome = await attempt(lane.which, { down: true });
        if (outcome === 'sent') sent += 1;
        lane.next_ms = outcome === 'sent' ? now_ms + 5_000 : outcome;
      }
    }
    assert.ok(sent > 50 && sent <= base, `${sent} calls; in health ${base}`);
    const wellAt_ms = clock.now_ms();
    while ((await attempt(0, {})) !== 'sent') pass(100);
    assert.ok(clock.now_ms() - wellAt_ms <= 60_000);
  });
});
