/** The pause after `failures` failures in a row that came before: `first_ms`, twice as long each time, `most_ms` at most. */
export function backOff_ms(first_ms: number, most_ms: number, failures: number): number {
  return Math.min(most_ms, first_ms * 2 ** failures);
}
