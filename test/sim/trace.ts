import { createHash } from 'node:crypto';

/** What happened in one run, folded into one hash; the latest lines are kept to be shown. */
export class Trace {
  readonly #hash = createHash('sha256');
  readonly #kept: string[] = [];
  readonly #most: number;
  count = 0;

  constructor(most = 0) {
    this.#most = most;
  }

  note(at_ms: number, line: string): void {
    this.count += 1;
    this.#hash.update(`${at_ms} ${line}\n`);
    if (this.#most === 0) return;
    this.#kept.push(`${String(at_ms).padStart(9)} ${line}`);
    if (this.#kept.length > this.#most) this.#kept.shift();
  }

  lines(): readonly string[] {
    return this.#kept;
  }

  /** Ends the trace. */
  hash(): string {
    return this.#hash.digest('hex').slice(0, 16);
  }
}

/** Several hashes as one. */
export function digest(hashes: readonly string[]): string {
  return createHash('sha256').update(hashes.join()).digest('hex').slice(0, 16);
}
