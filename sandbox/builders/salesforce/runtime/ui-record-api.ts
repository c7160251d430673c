interface Config {
  recordId?: string;
  /** `<object>.<field>` each. */
  fields?: string[];
}

interface Result {
  data?: { id: string; fields: Record<string, { value: unknown; displayValue: null }> };
  error?: unknown;
}

/** `getRecord` of lightning/uiRecordApi over the REST API: provisions the fields, and again when the record changes. */
export class getRecord {
  readonly #callback: (result: Result) => void;
  #config: Config = {};
  #connected = false;

  constructor(callback: (result: Result) => void) {
    this.#callback = callback;
    callback({ data: undefined, error: undefined });
  }

  connect(): void {
    this.#connected = true;
    globalThis.sandboxPage.events.addEventListener('recordchange', this.#onChange);
  }

  disconnect(): void {
    this.#connected = false;
    globalThis.sandboxPage.events.removeEventListener('recordchange', this.#onChange);
  }

  update(config: Config): void {
    this.#config = config;
    void this.#provision();
  }

  #onChange = (event: Event): void => {
    if ((event as CustomEvent<string>).detail === this.#config.recordId) void this.#provision();
  };

  async #provision(): Promise<void> {
    const { recordId, fields } = this.#config;
    if (!recordId || !fields?.length) return;
    const result = await readRecord(recordId, fields);
    if (this.#connected) this.#callback(result);
  }
}

async function readRecord(recordId: string, fields: string[]): Promise<Result> {
  const objectName = fields[0]?.split('.')[0];
  const names = fields.map((field) => field.slice(field.indexOf('.') + 1));
  const response = await fetch(
    `/services/data/v67.0/sobjects/${objectName}/${recordId}?fields=${encodeURIComponent(names.join(','))}`,
    { headers: { authorization: `Bearer ${globalThis.sandboxPage.accessToken}` } },
  );
  const body = (await response.json()) as Record<string, unknown>;
  if (!response.ok) return { error: { status: response.status, body } };
  const values = names.map((name) => [name, { value: body[name] ?? null, displayValue: null }] as const);
  return { data: { id: recordId, fields: Object.fromEntries(values) } };
}

/** Tells the page, and through it all `getRecord` wires, that records changed on the server. */
export async function notifyRecordUpdateAvailable(records: { recordId: string }[]): Promise<void> {
  for (const { recordId } of records) {
    globalThis.sandboxPage.events.dispatchEvent(new CustomEvent('recordchange', { detail: recordId }));
  }
}
