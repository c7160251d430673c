/** The part of `document` that tells whether anybody can see the page. */
export interface PageVisibility {
  readonly visibilityState: string;
  addEventListener(type: 'visibilitychange', listener: () => void): void;
  removeEventListener(type: 'visibilitychange', listener: () => void): void;
}

/**
 * Repeats a task while the page is seen: waits for it, then for the pause that it gives, then repeats it. A page that
 * comes back into sight repeats at once. A task never runs twice at the same time; `now` during a run repeats it after.
 */
export class Poll {
  #timer: ReturnType<typeof setTimeout> | undefined;
  #running = false;
  #again = false;
  #started = false;
  readonly #task: () => Promise<number>;
  readonly #page: PageVisibility;

  /** `task` gives the pause until the next run in milliseconds; it must not reject. */
  constructor(task: () => Promise<number>, page: PageVisibility) {
    this.#task = task;
    this.#page = page;
  }

  start(): void {
    if (this.#started) return;
    this.#started = true;
    this.#page.addEventListener('visibilitychange', this.#seen);
    void this.now();
  }

  stop(): void {
    this.#started = false;
    clearTimeout(this.#timer);
    this.#page.removeEventListener('visibilitychange', this.#seen);
  }

  /** Runs the task now, unless stopped or hidden. */
  async now(): Promise<void> {
    clearTimeout(this.#timer);
    if (!this.#started || this.#page.visibilityState === 'hidden') return;
    if (this.#running) {
      this.#again = true;
      return;
    }
    this.#running = true;
    const pause_ms = await this.#task();
    this.#running = false;
    const wait_ms = this.#again ? 0 : pause_ms;
    this.#again = false;
    this.after(wait_ms);
  }

  /** Runs the task after a pause, in place of whatever was planned. */
  after(pause_ms: number): void {
    clearTimeout(this.#timer);
    if (this.#started) this.#timer = setTimeout(() => void this.now(), pause_ms);
  }

  #seen = (): void => {
    if (this.#page.visibilityState === 'hidden') clearTimeout(this.#timer);
    else void this.now();
  };
}
