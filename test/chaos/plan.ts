import { Random } from '../../sandbox/kit/random.ts';

/**
 * What is struck. `hub`, `worker`, `research`: SIGKILL of that process; `power`: of all of them and of PostgreSQL in one
 * moment; `postgres`, `redis`: of that server; `flush`: Redis forgets everything and lives.
 */
export type Target = 'hub' | 'worker' | 'research' | 'power' | 'postgres' | 'redis' | 'flush';

/** Where the queue lies during a round. */
export type QueuePlace = 'postgres' | 'redis';

export interface Blow {
  target: Target;
  /** From the last blow's end, or the first edit of the round. */
  strikeAfter_ms: number;
  /** From the blow to the start of what was struck. */
  down_ms: number;
}

export interface Round {
  number: number;
  queue: QueuePlace;
  blows: readonly Blow[];
}

const always: readonly Target[] = ['hub', 'worker', 'research', 'power', 'postgres'];

/** What can be struck: without a Redis nothing of it; one that is not ours to kill can still be emptied. */
export function targetsWith(redis: 'own' | 'given' | 'none'): readonly Target[] {
  return [
    ...always,
    ...(redis === 'own' ? (['redis'] as const) : []),
    ...(redis === 'none' ? [] : (['flush'] as const)),
  ];
}

/**
 * The rounds of a seed: each target once in every cycle, in an order, at instants and with a queue that the seed draws,
 * `least` to `most` in one round. More rounds of the same seed begin with the same rounds.
 */
export function drawRounds(
  seed: number,
  count: number,
  targets: readonly Target[],
  { least, most }: { least: number; most: number },
): Round[] {
  const chance = new Random(seed);
  const rounds: Round[] = [];
  while (rounds.length < count) {
    const left: Record<QueuePlace, Blow[]> = { postgres: [], redis: [] };
    for (const target of shuffled(targets, chance))
      left[placeFor(target, targets, chance)].push({
        target,
        strikeAfter_ms: chance.between(200, 1_200),
        down_ms: chance.between(0, 800),
      });
    for (const queue of ['postgres', 'redis'] as const)
      while (left[queue].length > 0)
        rounds.push({ number: rounds.length + 1, queue, blows: left[queue].splice(0, chance.between(least, most)) });
  }
  return rounds.slice(0, count);
}

/** Where all stands on one machine the queue is in PostgreSQL. */
function placeFor(target: Target, targets: readonly Target[], chance: Random): QueuePlace {
  if (target === 'redis' || target === 'flush') return 'redis';
  return target !== 'power' && targets.includes('flush') && chance.chance(0.5) ? 'redis' : 'postgres';
}

function shuffled<T>(items: readonly T[], chance: Random): T[] {
  const left = [...items];
  const order: T[] = [];
  while (left.length > 0) order.push(...left.splice(chance.between(0, left.length - 1), 1));
  return order;
}
