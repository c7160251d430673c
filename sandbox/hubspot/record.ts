/** Who made a change, as HubSpot reports it in property history and webhooks. */
export interface Source {
  /** `CRM_UI` for a person, `INTEGRATION` for an app. */
  changeSource: string;
  /** `userId:<id>` for a person, the app's id for an app. */
  sourceId: string;
  userId?: number;
}

export interface HistoryEntry {
  value: string;
  at_ms: number;
  source: Source;
}

/** One CRM object as stored. Values are canonical strings: dates and times as epoch milliseconds. Absent means empty. */
export interface CrmRecord {
  portalId: number;
  typeId: string;
  id: string;
  properties: Readonly<Record<string, string>>;
  /** Newest last; only of properties that changed after creation, so that a large portal stays small. */
  history: Readonly<Record<string, readonly HistoryEntry[]>>;
  createdAt_ms: number;
  createdBy: Source;
  updatedAt_ms: number;
  archivedAt_ms?: number;
  /** The survivor, when this record was merged away. */
  mergedInto?: string;
}

/** The history of one property, oldest first: what is stored, or the value the record was created with. */
export function historyOf(record: CrmRecord, property: string): readonly HistoryEntry[] {
  const kept = record.history[property];
  if (kept) return kept;
  const value = record.properties[property];
  return value === undefined ? [] : [{ value, at_ms: record.createdAt_ms, source: record.createdBy }];
}
