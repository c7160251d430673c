import type { Observation } from './observation.ts';

/** Rows of one object that ended in one row, as readings show it. */
export interface SeenMerge {
  survivor: string;
  losers: Set<string>;
}

/**
 * The merges that readings show: at rows that are no more, or at the survivor. Of a chain the last survivor counts. `unread`:
 * ended rows whose survivor was not read with them, so that nothing can be said of them yet.
 */
export function mergesIn(observations: readonly Observation[]): { merges: SeenMerge[]; unread: Set<string> } {
  const rows = new Map(observations.map(({ row }) => [row.externalId, row]));
  const into = new Map<string, string>();
  for (const { row } of observations) {
    for (const loser of row.mergedFrom ?? []) if (!into.has(loser)) into.set(loser, row.externalId);
    if (row.mergedInto !== undefined) into.set(row.externalId, row.mergedInto);
  }
  const last = (id: string): string => {
    const seen = new Set<string>();
    let end = id;
    for (let next = into.get(end); next !== undefined && !seen.has(end); next = into.get(end)) {
      seen.add(end);
      end = next;
    }
    return end;
  };
  const merges = new Map<string, SeenMerge>();
  const unread = new Set<string>();
  for (const loser of into.keys()) {
    const survivor = last(loser);
    if (survivor === loser) continue;
    if (!rows.has(survivor)) unread.add(loser);
    const merge = merges.get(survivor) ?? { survivor, losers: new Set() };
    merges.set(survivor, { survivor, losers: merge.losers.add(loser) });
  }
  return { merges: [...merges.values()].filter(({ survivor }) => rows.has(survivor)), unread };
}
