import type { Outcome } from './round.ts';

/** What one round was, for people. */
export function linesOf(seed: number, outcome: Outcome): string[] {
  const { number, queue, blows, edits, made, rest_ms, faults } = outcome;
  return [
    `round ${number}, queue in ${queue}: ${edits} edits, ${made} creates, at rest in ${rest_ms} ms: ` +
      (faults.length === 0 ? 'nothing lost, nothing made twice' : `${faults.length} faults`),
    ...blows.map(
      ({ target, strikeAfter_ms, down_ms, start_ms, undelivered, nextBatch_ms }) =>
        `  ${target}: struck after ${strikeAfter_ms} ms, down ${down_ms} ms, back in ${start_ms} ms, ` +
        `${undelivered} webhooks undelivered, next batch in ${nextBatch_ms} ms`,
    ),
    ...faults.map((fault) => `  seed ${seed}, round ${number}: ${fault}`),
  ];
}
