/**
 * Row ids in order of their SystemModstamp. A row that is written again is appended again; its older entry is skipped when
 * read and dropped once stale entries outnumber rows. So a poll for what is new costs what is new, not the whole table.
 */
export class ModstampIndex {
  #entries: { stamp: string; id: string }[] = [];
  readonly #current = new Map<string, string>();

  set(id: string, stamp: string): void {
    if (this.#current.get(id) === stamp) return;
    this.#current.set(id, stamp);
    // Only a clock that was set back inserts before the end.
    const at = (this.#entries.at(-1)?.stamp ?? '') <= stamp ? this.#entries.length : this.#lowerBound(stamp, true);
    this.#entries.splice(at, 0, { stamp, id });
    if (this.#entries.length > 1000 && this.#entries.length > 2 * this.#current.size) {
      this.#entries = this.#entries.filter((entry) => this.#current.get(entry.id) === entry.stamp);
    }
  }

  remove(id: string): void {
    this.#current.delete(id);
  }

  /** Ids with `from <= stamp <= to`, oldest first; an absent bound is open. */
  *between(from: string | undefined, to: string | undefined): Generator<string> {
    const seen = new Set<string>();
    for (let index = from === undefined ? 0 : this.#lowerBound(from, false); index < this.#entries.length; index += 1) {
      const { stamp, id } = this.#entries[index] as { stamp: string; id: string };
      if (to !== undefined && stamp > to) return;
      if (this.#current.get(id) !== stamp || seen.has(id)) continue;
      seen.add(id);
      yield id;
    }
  }

  /** The first position whose stamp is not before `stamp` (or, if `after`, is after it). */
  #lowerBound(stamp: string, after: boolean): number {
    let low = 0;
    let high = this.#entries.length;
    while (low < high) {
      const middle = (low + high) >> 1;
      const at = this.#entries[middle]?.stamp ?? '';
      if (at < stamp || (after && at === stamp)) low = middle + 1;
      else high = middle;
    }
    return low;
  }
}
