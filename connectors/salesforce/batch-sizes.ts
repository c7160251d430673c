import { batchSize } from './save-answer.ts';

/** After so many batches in a row that went well, twice as many rows are tried; after twice as many when that was too much. */
const shortestPatience = 5;
const longestPatience = 160;

/**
 * How many rows of an object one batch has at present: half as many each time the org's own code ran into a limit, twice as
 * many again after some that went well. Of one account in this process.
 */
export class BatchSizes {
  readonly #sizes = new Map<string, { rows: number; clean: number; patience: number; hasGrown: boolean }>();

  of(object: string): number {
    return this.#sizes.get(object)?.rows ?? batchSize;
  }

  /** A batch of so many rows was too large. */
  tooLarge(object: string, tried: number): void {
    const { patience, hasGrown } = this.#sizes.get(object) ?? { patience: shortestPatience, hasGrown: false };
    this.#sizes.set(object, {
      rows: Math.max(1, Math.min(this.of(object), Math.floor(tried / 2))),
      clean: 0,
      patience: hasGrown ? Math.min(longestPatience, patience * 2) : patience,
      hasGrown: false,
    });
  }

  wentWell(object: string, tried: number): void {
    const size = this.#sizes.get(object);
    if (!size || tried < size.rows) return;
    const clean = size.clean + 1;
    if (clean < size.patience) this.#sizes.set(object, { ...size, clean });
    else if (size.rows === batchSize) this.#sizes.delete(object);
    else this.#sizes.set(object, { ...size, rows: Math.min(batchSize, size.rows * 2), clean: 0, hasGrown: true });
  }
}
