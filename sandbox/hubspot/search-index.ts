import type { CrmRecord } from './record.ts';

/** One change that search does not see before its time. */
interface Step {
  before: CrmRecord | undefined;
  visibleAt_ms: number;
}

/**
 * HubSpot's search reads an index that trails the records. For a while after a change, search still sees what was before.
 * Kept in memory only: after a restart everything is indexed.
 */
export class SearchIndex {
  readonly #now_ms: () => number;
  /** By the newest version of a record, which is a new object after each change. */
  readonly #trailing = new Map<CrmRecord, Step[]>();

  constructor(now_ms: () => number) {
    this.#now_ms = now_ms;
  }

  /** `after` becomes visible to search `lag_ms` from now. */
  changed(before: CrmRecord | undefined, after: CrmRecord, lag_ms: number): void {
    const trail = (before && this.#trailing.get(before)) ?? [];
    if (before) this.#trailing.delete(before);
    if (lag_ms > 0) trail.push({ before, visibleAt_ms: this.#now_ms() + lag_ms });
    if (trail.length > 0) this.#trailing.set(after, trail);
  }

  /** The version of a record that search sees now, or undefined when it is not indexed yet. */
  visible(record: CrmRecord): CrmRecord | undefined {
    const trail = this.#trailing.get(record);
    if (!trail) return record;
    const now_ms = this.#now_ms();
    const hidden = trail.find((step) => step.visibleAt_ms > now_ms);
    return hidden ? hidden.before : record;
  }

  /** Forgets what has become visible; called before a search, so that the index stays as small as the traffic. */
  settle(): void {
    const now_ms = this.#now_ms();
    for (const [record, trail] of this.#trailing) {
      if (trail.every((step) => step.visibleAt_ms <= now_ms)) this.#trailing.delete(record);
    }
  }

  forget(): void {
    this.#trailing.clear();
  }
}
