import { randomBytes } from 'node:crypto';
import { ApiError } from '../api-error.ts';

export interface Cursor {
  userId: string;
  records: readonly unknown[];
  render: (record: never) => unknown;
}

const maxPerUser = 10;

/** Open query cursors: ten a user, the oldest is closed for an eleventh. Source: SOQL guide, query cursor limits. */
export class QueryCursors {
  readonly #cursors = new Map<string, Cursor>();

  open(cursor: Cursor): string {
    const own = [...this.#cursors].filter(([, one]) => one.userId === cursor.userId);
    if (own.length >= maxPerUser) this.#cursors.delete(own[0]?.[0] ?? '');
    const locator = `01g${randomBytes(9).toString('hex').slice(0, 15)}`;
    this.#cursors.set(locator, cursor);
    return locator;
  }

  get(locator: string, userId: string): Cursor {
    const cursor = this.#cursors.get(locator);
    if (cursor?.userId === userId) return cursor;
    throw new ApiError(400, 'INVALID_QUERY_LOCATOR', 'invalid query locator');
  }

  clear(): void {
    this.#cursors.clear();
  }
}
