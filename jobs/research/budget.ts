import type { JobPorts } from '../../protocol/job.ts';

export interface ResearchLimits {
  time_ms: number;
  /** Input and output of the model together. */
  tokens: number;
  /** Pages, searches and social look-ups together. */
  fetches: number;
}

/** Of the time, this much may go into gathering, so that a slow site leaves time to write. */
const gatherShare = 0.5;

/**
 * What one run may still spend. A budget that ends stops the work of its signal and is remembered: the result is partial. An aborted run
 * is another thing: it throws.
 */
export class Budget {
  readonly limits: ResearchLimits;
  readonly startedAt_ms: number;
  /** Aborted when the time for gathering has passed, or the run was stopped. */
  readonly gathering: AbortSignal;
  /** Aborted when all time has passed, or the run was stopped. */
  readonly whole: AbortSignal;
  readonly cost = { inputTokens: 0, outputTokens: 0, fetches: 0 };
  #ended = false;
  readonly #ports: JobPorts;
  readonly #closing = new AbortController();

  constructor(limits: ResearchLimits, ports: JobPorts) {
    this.limits = limits;
    this.#ports = ports;
    this.startedAt_ms = ports.clock.now_ms();
    this.gathering = this.#after(limits.time_ms * gatherShare);
    this.whole = this.#after(limits.time_ms);
  }

  /** Whether any budget ended the work early. */
  get ended(): boolean {
    return this.#ended;
  }

  get left_ms(): number {
    return this.startedAt_ms + this.limits.time_ms - this.#ports.clock.now_ms();
  }

  end(): void {
    this.#ended = true;
  }

  /** Takes one fetch, or answers false: time or fetches are used up. */
  takeFetch(): boolean {
    this.#ports.signal.throwIfAborted();
    if (this.gathering.aborted || this.cost.fetches >= this.limits.fetches) {
      this.end();
      return false;
    }
    this.cost.fetches += 1;
    return true;
  }

  /** Ends the timers. */
  close(): void {
    this.#closing.abort();
  }

  #after(duration_ms: number): AbortSignal {
    const timer = new AbortController();
    const closed = this.#closing.signal;
    const expire = (): void => {
      if (!closed.aborted) timer.abort(new Error('the time of this research has passed'));
    };
    this.#ports.clock.sleep(duration_ms, closed).then(expire, expire);
    return AbortSignal.any([timer.signal, this.#ports.signal]);
  }
}
