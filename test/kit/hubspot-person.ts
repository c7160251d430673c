import assert from 'node:assert/strict';

type Properties = Record<string, string | number | null>;

export interface HubspotRow {
  id: string;
  properties: Record<string, string | null>;
  /** Ids by object type, for the types that were asked for. */
  associations: Record<string, string[]>;
}

export interface WorkflowCallback {
  callbackId: string;
  state: string;
  outputFields?: Record<string, unknown>;
  completions: number;
}

const version = '2026-09';

/** A person at one portal of the sandbox: what they change reads as made in HubSpot's UI. */
export class HubspotPerson {
  readonly url: string;
  readonly portalId: number;
  readonly #token: string;
  readonly #names = new Map<string, Promise<string[]>>();

  constructor(options: { url: string; portalId: number; token: string }) {
    this.url = options.url;
    this.portalId = options.portalId;
    this.#token = options.token;
  }

  /** Any call; an answer that is no 2xx fails the test. */
  async call(method: string, path: string, body?: unknown): Promise<unknown> {
    const answer = await fetch(this.url + path, {
      method,
      headers: { authorization: `Bearer ${this.#token}`, 'content-type': 'application/json' },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    assert.ok(answer.ok, `${method} ${path}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** Answers the new row's id. */
  async create(type: string, properties: Properties): Promise<string> {
    return ((await this.call('POST', `/crm/objects/${version}/${type}`, { properties })) as { id: string }).id;
  }

  async update(type: string, id: string, properties: Properties): Promise<void> {
    await this.call('PATCH', `/crm/objects/${version}/${type}/${id}`, { properties });
  }

  /** One request for many rows. */
  async updateAll(type: string, rows: readonly { id: string; properties: Properties }[]): Promise<void> {
    await this.call('POST', `/crm/objects/${version}/${type}/batch/update`, { inputs: rows });
  }

  async archive(type: string, id: string): Promise<void> {
    await this.call('DELETE', `/crm/objects/${version}/${type}/${id}`);
  }

  /** Answers the id of the row that both are now. */
  async merge(type: string, primaryObjectId: string, objectIdToMerge: string): Promise<string> {
    const body = { primaryObjectId, objectIdToMerge };
    return ((await this.call('POST', `/crm/objects/${version}/${type}/merge`, body)) as { id: string }).id;
  }

  /** Takes a row out of the recycling bin. */
  async restore(type: string, id: string): Promise<void> {
    await this.call('POST', '/_ui/restore', { portalId: this.portalId, type, id });
  }

  async associate(from: string, fromId: string, to: string, toId: string): Promise<void> {
    await this.call('PUT', `/crm/objects/${version}/${from}/${fromId}/associations/default/${to}/${toId}`);
  }

  async dissociate(from: string, fromId: string, to: string, toId: string): Promise<void> {
    await this.call('DELETE', `/crm/objects/${version}/${from}/${fromId}/associations/${to}/${toId}`);
  }

  async read(
    type: string,
    id: string,
    properties: readonly string[],
    associations: readonly string[] = [],
  ): Promise<HubspotRow> {
    const query = new URLSearchParams({ properties: properties.join(',') });
    if (associations.length > 0) query.set('associations', associations.join(','));
    return rowOf(await this.call('GET', `/crm/objects/${version}/${type}/${id}?${query}`));
  }

  /** Every row of a type, archived ones only on request, in id order. */
  async list(
    type: string,
    properties: readonly string[],
    options: { associations?: readonly string[]; archived?: boolean } = {},
  ): Promise<HubspotRow[]> {
    const rows: HubspotRow[] = [];
    for (let after: string | undefined; ;) {
      const query = new URLSearchParams({ limit: '100', properties: properties.join(',') });
      if (options.associations) query.set('associations', options.associations.join(','));
      if (options.archived) query.set('archived', 'true');
      if (after !== undefined) query.set('after', after);
      const page = (await this.call('GET', `/crm/objects/${version}/${type}?${query}`)) as {
        results: unknown[];
        paging?: { next: { after: string } };
      };
      rows.push(...page.results.map(rowOf));
      if (!page.paging) return rows;
      after = page.paging.next.after;
    }
  }

  /** What the card on a record page gets for `hubspot.fetch`, through HubSpot's own signing proxy. */
  async card(method: 'GET' | 'POST', url: string, body?: object): Promise<unknown> {
    const user = { id: 500_001, email: 'someone@portal.example' };
    return this.call('POST', '/_ui/hubspot-fetch', { portalId: this.portalId, user, url, method, body });
  }

  /** A workflow reaches our action for a deal; answers the callback as HubSpot keeps it. */
  async enrol(dealId: string): Promise<WorkflowCallback> {
    const actionUid = 'rapport_start_research';
    const body = { portalId: this.portalId, dealId, actionUid };
    return (await this.call('POST', '/_ui/workflow-action', body)) as WorkflowCallback;
  }

  async callback(callbackId: string): Promise<WorkflowCallback> {
    return (await this.call('GET', `/_ui/callbacks/${callbackId}`)) as WorkflowCallback;
  }

  /** The names of every property of a type, as they were at the first call. */
  propertyNames(type: string): Promise<string[]> {
    const names = this.#names.get(type) ?? this.#readNames(type);
    this.#names.set(type, names);
    return names;
  }

  async #readNames(type: string): Promise<string[]> {
    const { results } = (await this.call('GET', `/crm/properties/${version}/${type}`)) as {
      results: { name: string }[];
    };
    return results.map(({ name }) => name);
  }

  /** The first row whose property has this value. Not by search, whose index lags. */
  async find(type: string, property: string, value: string): Promise<HubspotRow | undefined> {
    return (await this.list(type, [property])).find((row) => row.properties[property] === value);
  }
}

function rowOf(answer: unknown): HubspotRow {
  const { id, properties, associations } = answer as {
    id: string;
    properties: Record<string, string | null>;
    associations?: Record<string, { results: { id: string }[] }>;
  };
  const peers = Object.entries(associations ?? {}).map(([type, { results }]) => [
    type,
    [...new Set(results.map((one) => one.id))].sort(),
  ]);
  return { id, properties, associations: Object.fromEntries(peers) as Record<string, string[]> };
}
