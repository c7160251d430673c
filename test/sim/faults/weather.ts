import type { Random } from '../seeded-random.ts';
import { streamOf } from '../stream-of.ts';
import { faultNames, type FaultName } from './catalogue.ts';

/** At which share each fault strikes in one run; an absent fault never does. */
export type FaultRates = Readonly<Partial<Record<FaultName, number>>>;

/** What befalls one run: whoever may be struck asks. Every fault draws from a stream of its own, so that one can be left out of a replay. */
export interface Weather {
  strikes(name: FaultName): boolean;
  /** How long or how much, from the stream of a fault that struck. */
  between(name: FaultName, least: number, most: number): number;
}

/** The weather of a seed. */
export class SeededWeather implements Weather {
  readonly #rates: FaultRates;
  readonly #told: (name: FaultName) => void;
  readonly #streams: ReadonlyMap<FaultName, Random>;
  readonly fired = new Map<FaultName, number>();
  #calm = false;

  /** `told` is called of each fault that strikes. */
  constructor(seed: number, rates: FaultRates, told: (name: FaultName) => void) {
    this.#told = told;
    this.#rates = rates;
    this.#streams = new Map(faultNames.map((name) => [name, streamOf(seed, name)]));
  }

  /** A circumstance that the run was drawn with. */
  note(name: FaultName): void {
    this.fired.set(name, (this.fired.get(name) ?? 0) + 1);
  }

  strikes(name: FaultName): boolean {
    const rate = this.#rates[name] ?? 0;
    if (this.#calm || rate === 0 || !this.#stream(name).chance(rate)) return false;
    this.note(name);
    this.#told(name);
    return true;
  }

  between(name: FaultName, least: number, most: number): number {
    return this.#stream(name).int(least, most);
  }

  /** No fault strikes any more. */
  calmDown(): void {
    this.#calm = true;
  }

  #stream(name: FaultName): Random {
    return this.#streams.get(name) as Random;
  }
}
