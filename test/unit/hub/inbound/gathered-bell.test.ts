import assert from 'node:assert/strict';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { GatheredBell } from '../../../../hub/inbound/gathered-bell.ts';

describe('hub/inbound GatheredBell', () => {
  const address = (installationId: string): WorkAddress => ({ tenantId: 't', installationId, lane: 'observe' });
  const rig = (ring: (addresses: readonly WorkAddress[]) => Promise<void> = async () => undefined) => {
    const rung: string[][] = [];
    const pauses: (() => void)[] = [];
    const bell = new GatheredBell(
      {
        ring: (addresses) => {
          rung.push(addresses.map(({ installationId }) => installationId));
          return ring(addresses);
        },
      },
      { now_ms: () => 0, sleep: () => new Promise((resolve) => void pauses.push(resolve)) },
    );
    const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));
    const passPause = async (): Promise<void> => {
      await settle();
      pauses.shift()?.();
      await settle();
    };
    return { bell, rung, passPause };
  };

  it('rings at once, then what came meanwhile together and once each', async () => {
    const { bell, rung, passPause } = rig();
    await bell.ring([address('a')]);
    for (const name of ['a', 'b', 'a']) await bell.ring([address(name)]);
    assert.deepEqual(rung, [['a']]);
    await passPause();
    assert.deepEqual(rung, [['a'], ['a', 'b']]);
    await passPause();
    assert.equal(rung.length, 2);
    await bell.ring([address('c')]);
    assert.deepEqual(rung.at(-1), ['c']);
  });

  it('never fails its caller, and goes on after a lost ring', async () => {
    const { bell, rung, passPause } = rig(() => Promise.reject(new Error('the queue is down')));
    await bell.ring([address('a')]);
    await passPause();
    await bell.ring([address('b')]);
    assert.deepEqual(rung, [['a'], ['b']]);
  });
});
