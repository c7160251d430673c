export interface CrmObject {
  id: string;
  properties: Record<string, string | null>;
  associations?: Record<string, { results: { id: string; type: string }[] }>;
}

export interface Property {
  name: string;
  label: string;
  type: string;
  fieldType: string;
  groupName: string;
  options: { label: string; value: string; hidden?: boolean }[];
  modificationMetadata?: { readOnlyValue: boolean };
}

export interface Stage {
  id: string;
  label: string;
  displayOrder: number;
}

export interface Owner {
  id: string;
  userId: number;
  email: string;
  firstName: string;
  lastName: string;
}

const VERSION = '2026-09';
const tokens: Record<number, string> = { 8801001: 'sandbox', 8801002: 'sandbox-b' };

/** HubSpot's public API as a person of one account. Answers other than 2xx reject with HubSpot's own words. */
export class Api {
  readonly #token: string;

  constructor(portalId: number) {
    const token = tokens[portalId];
    if (!token)
      throw new Error(`There is no account ${portalId}. The sandbox has ${Object.keys(tokens).join(' and ')}.`);
    this.#token = token;
  }

  deal(id: string, properties: readonly string[]): Promise<CrmObject> {
    const query = new URLSearchParams({ properties: properties.join(), associations: 'contacts,companies,notes' });
    return this.#call('GET', `/crm/objects/${VERSION}/deals/${id}?${query}`);
  }

  async deals(properties: readonly string[]): Promise<CrmObject[]> {
    const query = new URLSearchParams({ limit: '100', properties: properties.join(), associations: 'companies' });
    return this.#results('GET', `/crm/objects/${VERSION}/deals?${query}`);
  }

  update(id: string, properties: Record<string, string>): Promise<CrmObject> {
    return this.#call('PATCH', `/crm/objects/${VERSION}/deals/${id}`, { properties });
  }

  async read(type: string, ids: readonly string[], properties: readonly string[]): Promise<CrmObject[]> {
    if (ids.length === 0) return [];
    const inputs = [...new Set(ids)].map((id) => ({ id }));
    return this.#results('POST', `/crm/objects/${VERSION}/${type}/batch/read`, { properties, inputs });
  }

  properties(): Promise<Property[]> {
    return this.#results('GET', `/crm/properties/${VERSION}/deals`);
  }

  owners(): Promise<Owner[]> {
    return this.#results('GET', `/crm/owners/${VERSION}`);
  }

  /** The stages of the first pipeline, in order. */
  async stages(): Promise<Stage[]> {
    const [pipeline] = await this.#results<{ stages: Stage[] }>('GET', `/crm/pipelines/${VERSION}/deals`);
    return (pipeline?.stages ?? []).toSorted((one, other) => one.displayOrder - other.displayOrder);
  }

  async #results<T>(method: string, path: string, body?: object): Promise<T[]> {
    return (await this.#call<{ results: T[] }>(method, path, body)).results;
  }

  async #call<T>(method: string, path: string, body?: object): Promise<T> {
    const response = await fetch(path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, ...(body && { 'content-type': 'application/json' }) },
      ...(body && { body: JSON.stringify(body) }),
    });
    const answer = (await response.json()) as T & { message?: string };
    if (!response.ok) throw new Error(answer.message ?? `HubSpot answered ${response.status}`);
    return answer;
  }
}
