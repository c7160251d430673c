/** One planted fault. `times` is how often it still fires; `match` limits it to calls whose facts are equal. */
export interface Fault {
  name: string;
  times: number;
  match: Record<string, string>;
  params: Record<string, unknown>;
}

/** The faults a vendor has been told to show, by `POST /_sandbox/faults`. */
export class Faults {
  #armed: Fault[] = [];

  arm(fault: { name: string; times?: number; match?: Record<string, string>; params?: Record<string, unknown> }): void {
    this.#armed.push({ times: 1, match: {}, params: {}, ...fault });
  }

  clear(): void {
    this.#armed = [];
  }

  list(): readonly Fault[] {
    return this.#armed;
  }

  /** Uses up one firing of the first fault of this name whose `match` fits the facts of the call. */
  take(name: string, facts: Record<string, string> = {}): Fault | undefined {
    const fault = this.#armed.find(
      (one) => one.name === name && Object.entries(one.match).every(([key, value]) => facts[key] === value),
    );
    if (!fault) return undefined;
    fault.times -= 1;
    if (fault.times <= 0) this.#armed = this.#armed.filter((one) => one !== fault);
    return fault;
  }
}
