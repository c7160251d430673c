import type { CrmRecord } from './record.ts';

/**
 * HubSpot's search reads an index that trails the records. For a while after a change, search still sees what was before.
 * Kept in memory only: after a restart everything is indexed.
 */
export class SearchIndex {
  readonly #now_ms: () => number;
  readonly #trailing = new Map<string, { before: CrmRecord | undefined; visibleAt_ms: number; after: CrmRecord }[]>();

  constructor(now_ms: () => number) {
    this.#now_ms = now_ms;
  }

  /** `after` becomes visible to search `lag_ms` from now. */
  changed(before: CrmRecord | undefined, after: CrmRecord, lag_ms: number): void {
    if (lag_ms <= 0) return;
    const at = key(after);
    const trail = this.#trailing.get(at) ?? [];
    trail.push({ before, after, visibleAt_ms: this.#now_ms() + lag_ms });
    this.#trailing.set(at, trail);
  }

  /** The version of a record that search sees now, or undefined when it is not indexed yet. */
  visible(record: CrmRecord): CrmRecord | undefined {
    if (this.#trailing.size === 0) return record;
    const at = key(record);
    const trail = this.#trailing.get(at);
    if (!trail) return record;
    const now_ms = this.#now_ms();
    const hidden = trail.findIndex((step) => step.visibleAt_ms > now_ms);
    if (hidden === -1) {
      this.#trailing.delete(at);
      return record;
    }
    return trail[hidden]?.before;
  }

  forget(): void {
    this.#trailing.clear();
  }
}

function key(record: CrmRecord): string {
  return `${record.portalId}/${record.typeId}/${record.id}`;
}
