import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Bell, WorkAddress, WorkLane } from '../../protocol/ports/bell.ts';

/** A bell with the side that hears it. */
export interface HeardBell extends Bell {
  work(lane: WorkLane, concurrency: number, handler: (address: WorkAddress) => Promise<void>): void;
  close(): Promise<void>;
}

const address = (installationId: string, lane: WorkLane = 'observe'): WorkAddress => ({
  tenantId: 'tenant:with colon',
  installationId,
  lane,
});

/** What every doorbell must do. `make` gives a bell on a queue that nobody else uses. */
export function bellConformance(make: () => Promise<HeardBell>): void {
  let bell: HeardBell;
  beforeEach(async () => {
    bell = await make();
  });
  afterEach(() => bell.close());

  it('starts the handler with the address', async () => {
    const heard: WorkAddress[] = [];
    bell.work('observe', 1, async (rung) => void heard.push(rung));
    await bell.ring([address('one')]);
    await until(() => heard.length === 1);
    assert.deepEqual(heard, [address('one')]);
  });

  it('starts it soon', async () => {
    let heard = 0;
    bell.work('deliver', 1, async () => void heard++);
    await bell.ring([address('warm', 'deliver')]);
    await until(() => heard === 1);
    const delays_ms: number[] = [];
    for (let round = 0; round < 20; round++) {
      const rungAt_ms = performance.now();
      await bell.ring([address('one', 'deliver')]);
      await until(() => heard === round + 2);
      delays_ms.push(performance.now() - rungAt_ms);
    }
    const median_ms = delays_ms.toSorted((a, b) => a - b)[10] ?? Infinity;
    assert.ok(median_ms < 60, `median ${median_ms} ms`);
  });

  it('keeps a ring made before anybody works', async () => {
    await bell.ring([address('early')]);
    let heard = 0;
    bell.work('observe', 1, async () => void heard++);
    await until(() => heard === 1);
  });

  it('runs once more for any number of rings during a run', async () => {
    let runs = 0;
    let free = (): void => undefined;
    const held = new Promise<void>((resolve) => (free = resolve));
    bell.work('observe', 4, async () => {
      runs++;
      if (runs === 1) await held;
    });
    await bell.ring([address('one')]);
    await until(() => runs === 1);
    for (let ring = 0; ring < 5; ring++) await bell.ring([address('one')]);
    await sleep(100);
    assert.equal(runs, 1, 'never twice at once for one address');
    free();
    await until(() => runs === 2);
    await sleep(200);
    assert.equal(runs, 2);
  });

  it('folds rings that wait into one', async () => {
    for (let ring = 0; ring < 5; ring++) await bell.ring([address('one'), address('one')]);
    let runs = 0;
    bell.work('observe', 1, async () => void runs++);
    await until(() => runs > 0);
    await sleep(200);
    assert.equal(runs, 1);
  });

  it('rings again after a handler threw', async () => {
    let runs = 0;
    bell.work('observe', 1, async () => {
      runs++;
      if (runs === 1) throw new Error('out of order');
    });
    await bell.ring([address('one')]);
    await until(() => runs === 1);
    await sleep(100);
    await bell.ring([address('one')]);
    await until(() => runs === 2);
  });

  it('keeps addresses and lanes apart', async () => {
    const heard: string[] = [];
    const note = async ({ installationId, lane }: WorkAddress): Promise<void> => {
      heard.push(`${installationId} ${lane}`);
      if (installationId === 'slow') await sleep(300);
    };
    bell.work('observe', 2, note);
    bell.work('poll', 1, note);
    await bell.ring([address('slow'), address('fast'), address('slow', 'poll')]);
    await until(() => heard.length === 3);
    assert.deepEqual(heard.toSorted(), ['fast observe', 'slow observe', 'slow poll']);
  });

  it('waits for a running handler when it closes', async () => {
    let done = false;
    let started = false;
    bell.work('runs', 1, async () => {
      started = true;
      await sleep(200);
      done = true;
    });
    await bell.ring([address('one', 'runs')]);
    await until(() => started);
    await bell.close();
    assert.equal(done, true);
    bell = await make();
  });
}

async function until(condition: () => boolean): Promise<void> {
  for (let waited_ms = 0; !condition(); waited_ms += 1) {
    assert.ok(waited_ms < 5_000, 'waited 5 s in vain');
    await sleep(1);
  }
}
