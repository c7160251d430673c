import { RetryLater } from '../../protocol/errors.ts';
import type { FetchedPage, JobPorts, ProgressStep, SearchHit } from '../../protocol/job.ts';
import { unlessAborted } from '../../protocol/unless-aborted.ts';
import type { Budget } from './budget.ts';

const steps = 6;
/** A search that asks for more patience than this is done without. */
const patience_ms = 3_000;

/** The outside world as the steps of one run use it: within the budget, told as progress, stopped when the run is. */
export class Tools {
  readonly ports: JobPorts;
  readonly budget: Budget;
  #done = 0;

  constructor(ports: JobPorts, budget: Budget) {
    this.ports = ports;
    this.budget = budget;
  }

  async tell(step: ProgressStep, detail: string | null): Promise<void> {
    await this.ports.progress({ done: this.#done, total: steps, step, detail });
  }

  async finish(step: ProgressStep): Promise<void> {
    this.#done += 1;
    await this.tell(step, null);
  }

  /** undefined: the budget ended first. */
  async page(url: string, step: ProgressStep): Promise<FetchedPage | undefined> {
    if (!this.budget.takeFetch()) return undefined;
    await this.tell(step, url);
    return this.inTime((signal) => this.ports.fetchPage(url, signal));
  }

  /** Hits, or for people why there are none. A vendor that asks to wait for a moment is asked once more. */
  async search(text: string, count: number): Promise<SearchHit[] | string> {
    const { search, clock } = this.ports;
    if (!search) return 'Nothing was searched: this deployment has no search account.';
    for (let attempt = 1; ; attempt++) {
      if (!this.budget.takeFetch()) return [];
      await this.tell('searching', text);
      try {
        return (await this.inTime((signal) => search.query(text, count, signal))) ?? [];
      } catch (error) {
        this.ports.signal.throwIfAborted();
        const wait_ms = error instanceof RetryLater ? error.retryAt_ms - clock.now_ms() : Infinity;
        if (attempt > 1 || wait_ms > patience_ms)
          return `${search.name} could not be asked: ${(error as Error).message}.`;
        await this.inTime((signal) => clock.sleep(wait_ms, signal));
      }
    }
  }

  /** undefined: the time for gathering passed first. */
  async inTime<T>(work: (signal: AbortSignal) => Promise<T>): Promise<T | undefined> {
    const { gathering } = this.budget;
    try {
      return await unlessAborted(work(gathering), gathering);
    } catch (error) {
      this.ports.signal.throwIfAborted();
      if (!gathering.aborted) throw error;
      this.budget.end();
      return undefined;
    }
  }
}

/** Applies `work` to at most `width` items at a time; results in the order of the items. */
export async function inParallel<T, R>(
  items: readonly T[],
  width: number,
  work: (item: T) => Promise<R>,
): Promise<R[]> {
  const results: R[] = [];
  let next = 0;
  const lane = async (): Promise<void> => {
    for (let at = next++; at < items.length; at = next++) results[at] = await work(items[at] as T);
  };
  await Promise.all(Array.from({ length: Math.min(width, items.length) }, lane));
  return results;
}
