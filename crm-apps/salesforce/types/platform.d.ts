// Platform modules that @salesforce/lightning-types does not declare. No import or export may stand at the top level.

declare module '@salesforce/apex/*' {
  const call: (parameters?: Record<string, unknown>) => Promise<unknown>;
  export default call;
}

declare module '@salesforce/label/*' {
  const text: string;
  export default text;
}

declare module '@salesforce/i18n/locale' {
  /** BCP 47, e.g. `de-DE`. */
  const locale: string;
  export default locale;
}

declare module '@salesforce/i18n/timeZone' {
  /** IANA name, e.g. `Europe/Berlin`. */
  const timeZone: string;
  export default timeZone;
}

declare module 'lightning/uiRecordApi' {
  interface FieldValue {
    value: unknown;
    displayValue: string | null;
  }
  interface RecordResult {
    data?: { id: string; fields: Record<string, FieldValue> };
    error?: unknown;
  }
  type GetRecordConfig = { recordId: string | undefined; fields: string[] };
  interface RecordAdapterInstance {
    connect(): void;
    disconnect(): void;
    update(config: GetRecordConfig): void;
  }
  /** Wire adapter: the fields of a record, provisioned again when they change. */
  export const getRecord: new (callback: (result: RecordResult) => void) => RecordAdapterInstance;
  /** Tells the page that a record changed on the server. */
  export function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<void>;
}

declare module 'lightning/platformShowToastEvent' {
  export class ShowToastEvent extends CustomEvent<unknown> {
    constructor(toast: { title: string; message?: string; variant?: 'info' | 'success' | 'warning' | 'error' });
  }
}
