import assert from 'node:assert/strict';
import { seededRandom } from '../../sim/seeded-random.ts';
import { VirtualClock } from '../../sim/virtual-clock.ts';

describe('virtual clock', () => {
  it('wakes sleepers by their instants, and those of one instant in the order they lay down', async () => {
    const clock = new VirtualClock(1_000);
    const woken: string[] = [];
    const sleeper = async (name: string, ...naps_ms: number[]): Promise<void> => {
      for (const nap_ms of naps_ms) {
        await clock.sleep(nap_ms);
        woken.push(`${name} ${clock.now_ms()}`);
      }
    };
    const all = [sleeper('slow', 50), sleeper('first', 10, 10), sleeper('second', 10), sleeper('late', 60)];
    await clock.runUntil(1_050);
    assert.deepEqual(woken, ['first 1010', 'second 1010', 'first 1020', 'slow 1050']);
    assert.equal(clock.now_ms(), 1_050);
    assert.equal(clock.next_ms(), 1_060);
    await clock.runUntil(2_000);
    await Promise.all(all);
    assert.equal(clock.now_ms(), 2_000);
    assert.equal(clock.next_ms(), undefined);
  });

  it('lets everything that a wake sets off run to its end before the next one', async () => {
    const clock = new VirtualClock(0);
    const order: string[] = [];
    clock.at(5, () => {
      void (async () => {
        for (let hop = 0; hop < 500; hop++) await Promise.resolve();
        order.push(`deep ${clock.now_ms()}`);
      })();
    });
    clock.at(5, () => order.push('next of the instant'));
    clock.at(6, () => order.push('later'));
    await clock.runUntil(6);
    assert.deepEqual(order, ['deep 5', 'next of the instant', 'later']);
  });

  it('ends a sleep with its signal, and forgets its timer', async () => {
    const clock = new VirtualClock(0);
    const stopping = new AbortController();
    const asleep = clock.sleep(100, stopping.signal);
    stopping.abort();
    await asleep;
    assert.equal(clock.next_ms(), undefined);
    await clock.sleep(100, stopping.signal);
    assert.equal(clock.now_ms(), 0);
  });

  it('keeps no appointment that was taken back', async () => {
    const clock = new VirtualClock(0);
    const kept: number[] = [];
    const cancels = Array.from({ length: 200 }, (_, at) => clock.at((at * 37) % 101, () => kept.push((at * 37) % 101)));
    for (const [at, cancel] of cancels.entries()) if (at % 3 === 0) cancel();
    await clock.runUntil(200);
    assert.equal(kept.length, 133);
    assert.deepEqual(
      kept,
      kept.toSorted((a, b) => a - b),
    );
  });

  it('fires what is past at the next chance', async () => {
    const clock = new VirtualClock(10);
    const fired: number[] = [];
    clock.at(3, () => fired.push(clock.now_ms()));
    await clock.runUntil(10);
    assert.deepEqual(fired, [10]);
  });

  it('draws the order of one instant from a seed where it is asked to', async () => {
    const orderOf = async (seed: number): Promise<string> => {
      const random = seededRandom(seed);
      const clock = new VirtualClock(0, () => random.unit());
      const order: number[] = [];
      for (let timer = 0; timer < 8; timer++) clock.at(1, () => order.push(timer));
      await clock.runUntil(1);
      return order.join(' ');
    };
    assert.equal(await orderOf(7), await orderOf(7));
    assert.notEqual(await orderOf(7), await orderOf(8));
  });
});
