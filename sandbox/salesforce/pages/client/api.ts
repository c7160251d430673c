/** A row as REST answers it; relationships are rows within rows. */
export type Row = Record<string, unknown> & { Id: string };

export interface FieldDescribe {
  name: string;
  label: string;
  type: string;
  updateable: boolean;
  nillable: boolean;
  length: number;
  picklistValues: { value: string; label: string; active: boolean }[];
}

/** The first error of an error body of the REST API. */
class ApiError extends Error {
  readonly status: number;

  constructor(status: number, message: string) {
    super(message);
    this.status = status;
  }
}

const data = '/services/data/v67.0';

/** The public REST API as one user of the org. */
export class Api {
  readonly accessToken: string;
  readonly userId: string;

  private constructor(accessToken: string, userId: string) {
    this.accessToken = accessToken;
    this.userId = userId;
  }

  /** Logs in by client credentials, as a person. */
  static async login(client: string): Promise<Api> {
    const response = await fetch('/services/oauth2/token', {
      method: 'POST',
      body: new URLSearchParams({ grant_type: 'client_credentials', client_id: client, client_secret: client }),
    });
    if (!response.ok) throw new ApiError(response.status, `The login as ${client} was refused.`);
    const { access_token, id } = (await response.json()) as { access_token: string; id: string };
    return new Api(access_token, id.slice(id.lastIndexOf('/') + 1));
  }

  async row(object: string, id: string): Promise<Row> {
    return (await this.#call('GET', `${data}/sobjects/${object}/${id}`)) as Row;
  }

  async fields(object: string): Promise<FieldDescribe[]> {
    return ((await this.#call('GET', `${data}/sobjects/${object}/describe`)) as { fields: FieldDescribe[] }).fields;
  }

  async update(object: string, id: string, changes: Record<string, unknown>): Promise<void> {
    await this.#call('PATCH', `${data}/sobjects/${object}/${id}`, changes);
  }

  async query(soql: string): Promise<Row[]> {
    return ((await this.#call('GET', `${data}/query?q=${encodeURIComponent(soql)}`)) as { records: Row[] }).records;
  }

  async #call(method: string, path: string, body?: object): Promise<unknown> {
    const response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${this.accessToken}`, 'content-type': 'application/json' },
      ...(body ? { body: JSON.stringify(body) } : {}),
    });
    const text = await response.text();
    const answer: unknown = text === '' ? undefined : JSON.parse(text);
    if (response.ok) return answer;
    const [fault] = answer as { message: string }[];
    throw new ApiError(response.status, fault?.message ?? `Salesforce answered ${response.status}.`);
  }
}
