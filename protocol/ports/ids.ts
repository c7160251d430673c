/** New ids, time-ordered UUIDs. */
export interface Ids {
  next(): string;
}
