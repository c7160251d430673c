import type { Bell, WorkAddress, WorkLane } from '../../protocol/ports/bell.ts';

type Handler = (address: WorkAddress) => Promise<void>;

interface LaneState {
  /** Addresses rung and not started, by key, each once. */
  waiting: Map<string, WorkAddress>;
  running: Map<string, Promise<void>>;
  workers: { concurrency: number; running: number; handler: Handler }[];
}

/**
 * The doorbell in memory, with the queue's promises: rings that wait are one, a ring while its handler runs makes it run once
 * more, never twice at once for one address, at most `concurrency` handlers of a lane at once. Handlers start after the
 * turn in which was rung, in the order of the rings, or as `pick` draws (an index below `count`).
 */
export class SimBell implements Bell {
  readonly #lanes = new Map<WorkLane, LaneState>();
  readonly #pick: (count: number) => number;
  readonly #failed: (address: WorkAddress, error: unknown) => void;
  #closed = false;

  constructor(
    options: { pick?: (count: number) => number; failed?: (address: WorkAddress, error: unknown) => void } = {},
  ) {
    this.#pick = options.pick ?? (() => 0);
    this.#failed = options.failed ?? (() => undefined);
  }

  async ring(addresses: readonly WorkAddress[]): Promise<void> {
    for (const address of addresses) {
      const lane = this.#lane(address.lane);
      const key = JSON.stringify([address.tenantId, address.installationId]);
      if (!lane.waiting.has(key)) lane.waiting.set(key, { ...address });
      this.#startSoon(lane);
    }
  }

  work(lane: WorkLane, concurrency: number, handler: Handler): void {
    const state = this.#lane(lane);
    state.workers.push({ concurrency, running: 0, handler });
    this.#startSoon(state);
  }

  /** Starts no handler any more and waits for those that run. */
  async close(): Promise<void> {
    this.cut();
    await Promise.all([...this.#lanes.values()].flatMap(({ running }) => [...running.values()]));
  }

  /** The queue is gone, with all that was rung: no handler starts any more. */
  cut(): void {
    this.#closed = true;
  }

  #lane(lane: WorkLane): LaneState {
    let state = this.#lanes.get(lane);
    if (!state) this.#lanes.set(lane, (state = { waiting: new Map(), running: new Map(), workers: [] }));
    return state;
  }

  #startSoon(lane: LaneState): void {
    queueMicrotask(() => this.#start(lane));
  }

  #start(lane: LaneState): void {
    while (!this.#closed) {
      const worker = lane.workers.find(({ concurrency, running }) => running < concurrency);
      const free = [...lane.waiting].filter(([key]) => !lane.running.has(key));
      if (!worker || free.length === 0) return;
      const [key, address] = free[this.#pick(free.length)] as (typeof free)[number];
      lane.waiting.delete(key);
      worker.running++;
      lane.running.set(
        key,
        this.#run(worker.handler, address).finally(() => {
          worker.running--;
          lane.running.delete(key);
          this.#start(lane);
        }),
      );
    }
  }

  async #run(handler: Handler, address: WorkAddress): Promise<void> {
    try {
      await handler(address);
    } catch (error) {
      this.#failed(address, error);
    }
  }
}
