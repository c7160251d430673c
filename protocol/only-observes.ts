import type { Installation } from './nouns.ts';

/** No account of the tenant may be written to: what a job made could be written nowhere. */
export function onlyObserves(installations: readonly Installation[]): boolean {
  return installations.every(({ state }) => state !== 'writing');
}
