import { uniformFloat64 } from 'pure-rand/distribution/uniformFloat64';
import { uniformInt } from 'pure-rand/distribution/uniformInt';
import { xoroshiro128plus } from 'pure-rand/generator/xoroshiro128plus';

/** Chance as a port: all that a simulated run leaves to chance comes from one seed. */
export interface Random {
  /** An integer from `least` to `most`, both included. */
  int(least: number, most: number): number;
  /** From 0 (included) to 1 (excluded). */
  unit(): number;
  /** True in this share of the draws, 0 to 1. */
  chance(share: number): boolean;
  /** One of a list, which must not be empty. */
  pick<T>(list: readonly T[]): T;
  shuffled<T>(list: readonly T[]): T[];
  /** A stream of its own, so that one part of the world may draw more without moving what another draws. */
  fork(): Random;
}

export function seededRandom(seed: number): Random {
  const generator = xoroshiro128plus(seed);
  const int = (least: number, most: number): number => uniformInt(generator, least, most);
  return {
    int,
    unit: () => uniformFloat64(generator),
    chance: (share) => uniformFloat64(generator) < share,
    pick(list) {
      if (list.length === 0) throw new RangeError('nothing to pick from');
      return list[int(0, list.length - 1)] as (typeof list)[number];
    },
    shuffled(list) {
      const drawn = [...list];
      for (let last = drawn.length - 1; last > 0; last--) {
        const at = int(0, last);
        const kept = drawn[last] as (typeof list)[number];
        drawn[last] = drawn[at] as (typeof list)[number];
        drawn[at] = kept;
      }
      return drawn;
    },
    fork: () => seededRandom(int(-0x8000_0000, 0x7fff_ffff)),
  };
}
