/** So often a call with this row alone must fail inside before the row is held to be the cause. */
const proof = 3;
const mostKept = 1_000;

/** Rows with which a call failed inside Salesforce although they came alone. Of one account in this process. */
export class Suspects {
  readonly #failures = new Map<string, number>();

  /** It failed once more. True: it is the row. The count begins anew then. */
  accuse(object: string, row: string): boolean {
    const key = `${object} ${row}`;
    const failures = (this.#failures.get(key) ?? 0) + 1;
    this.#failures.delete(key);
    if (failures >= proof) return true;
    this.#failures.set(key, failures);
    // The one that was longest quiet goes.
    for (const oldest of this.#failures.keys()) {
      if (this.#failures.size <= mostKept) break;
      this.#failures.delete(oldest);
    }
    return false;
  }
}
