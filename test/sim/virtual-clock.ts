import type { Clock } from '../../protocol/ports/clock.ts';

interface Timer {
  at_ms: number;
  tie: number;
  order: number;
  fire: () => void;
}

/**
 * Time that passes only when nothing else can run. Whoever sleeps wakes alone: after each wake everything that it set off
 * runs to its end (`settle`) before the next sleeper wakes or time passes.
 *
 *     settle ──> the earliest timer due by T? ──yes──> now = its instant, fire it ──> settle ──> ...
 *                                            └─no───> now = T, done
 *
 * Timers of one instant fire in the order they were set, or as `tie` draws it.
 */
export class VirtualClock implements Clock {
  #now_ms: number;
  #orders = 0;
  readonly #tie: () => number;
  /** A binary heap, the earliest first. */
  readonly #heap: Timer[] = [];

  constructor(start_ms: number, tie: () => number = () => 0) {
    this.#now_ms = start_ms;
    this.#tie = tie;
  }

  now_ms(): number {
    return this.#now_ms;
  }

  /** Resolves early when the signal is aborted, as the hub's own clock does. Negative durations count as none. */
  sleep(duration_ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve) => {
      if (signal?.aborted) return resolve();
      const wake = (): void => {
        cancel();
        signal?.removeEventListener('abort', wake);
        resolve();
      };
      const cancel = this.at(this.#now_ms + duration_ms, wake);
      signal?.addEventListener('abort', wake, { once: true });
    });
  }

  /** Calls `action` at an instant (at the next chance, when it is past). Returns what takes the appointment back. */
  at(at_ms: number, action: () => void): () => void {
    const timer = { at_ms: Math.max(at_ms, this.#now_ms), tie: this.#tie(), order: this.#orders++, fire: action };
    push(this.#heap, timer);
    return () => {
      const place = this.#heap.indexOf(timer);
      if (place >= 0) removeAt(this.#heap, place);
    };
  }

  /** The instant of the next timer; undefined when nobody waits. */
  next_ms(): number | undefined {
    return this.#heap[0]?.at_ms;
  }

  /** Passes time up to `until_ms`: afterwards nothing is runnable, and nothing is due at that instant or before. */
  async runUntil(until_ms: number): Promise<void> {
    await settle();
    while (await this.step(until_ms));
    this.#now_ms = Math.max(this.#now_ms, until_ms);
  }

  /** Fires the earliest timer due by `until_ms`, and settles. False when there is none; time stands still then. */
  async step(until_ms: number): Promise<boolean> {
    const [next] = this.#heap;
    if (!next || next.at_ms > until_ms) return false;
    removeAt(this.#heap, 0);
    this.#now_ms = next.at_ms;
    next.fire();
    await settle();
    return true;
  }
}

/**
 * Resolves when no promise is left that could go on by itself. Node runs every waiting microtask before an immediate, so
 * this is exact, and the order is the same in each run, as long as nobody uses real I/O or real timers. A turn costs about
 * a microsecond.
 */
export function settle(): Promise<void> {
  return new Promise((resolve) => {
    setImmediate(resolve);
  });
}

function isBefore(a: Timer, b: Timer): boolean {
  return a.at_ms - b.at_ms < 0 || (a.at_ms === b.at_ms && (a.tie < b.tie || (a.tie === b.tie && a.order < b.order)));
}

function push(heap: Timer[], timer: Timer): void {
  heap.push(timer);
  rise(heap, heap.length - 1);
}

function removeAt(heap: Timer[], place: number): void {
  const last = heap.pop();
  if (!last || place === heap.length) return;
  heap[place] = last;
  rise(heap, place);
  sink(heap, place);
}

function rise(heap: Timer[], from: number): void {
  for (let place = from; place > 0;) {
    const above = (place - 1) >> 1;
    if (!isBefore(heap[place] as Timer, heap[above] as Timer)) return;
    swap(heap, place, above);
    place = above;
  }
}

function sink(heap: Timer[], from: number): void {
  for (let place = from; ;) {
    let first = place;
    for (const below of [2 * place + 1, 2 * place + 2])
      if (below < heap.length && isBefore(heap[below] as Timer, heap[first] as Timer)) first = below;
    if (first === place) return;
    swap(heap, place, first);
    place = first;
  }
}

function swap(heap: Timer[], a: number, b: number): void {
  const kept = heap[a] as Timer;
  heap[a] = heap[b] as Timer;
  heap[b] = kept;
}
