/** One committed row change of an org, as the change-data-capture half is told of it. */
export interface RowChange {
  orgId: string;
  entity: string;
  changeType: 'CREATE' | 'UPDATE' | 'DELETE' | 'UNDELETE';
  recordId: string;
  /** The row's fields after the change, by API name; for UPDATE only those that changed (null = emptied). */
  fields: Record<string, unknown>;
  /** All changes of one transaction share it. */
  transactionKey: string;
  sequenceNumber: number;
  committedAt_ms: number;
  /** The id of the user who made it. */
  commitUser: string;
  /** e.g. `com/salesforce/api/rest/67.0;client=Rapport`; empty for a change made in the UI. */
  changeOrigin: string;
}

/** The change-data-capture half listens here; the REST half calls `publish` once per committed transaction. */
export interface ChangeFeed {
  publish(transaction: readonly RowChange[]): void;
}
