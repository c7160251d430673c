import { orgs, portals } from '../../sandbox/seed/credentials.ts';

/** A person at one CRM of the first tenant, by plain calls: what they change reads as made in the CRM's own pages. */
export interface Crm {
  /** Changes the text of one deal (HubSpot `hs_next_step`, Salesforce `NextStep`). */
  edit(id: string, text: string): Promise<void>;
  /** The texts of these deals, by id. */
  texts(ids: readonly string[]): Promise<Map<string, string | null>>;
  /** Deals that both CRMs hold: our id in both, and theirs here. */
  idsByRecord(): Promise<Map<string, string>>;
}

const deals = '/crm/objects/2026-09/deals';

export class HubspotCrm implements Crm {
  readonly #url: string;
  readonly #token = portals[0].personToken;

  constructor(port: number) {
    this.#url = `http://127.0.0.1:${port}`;
  }

  call<T>(method: string, path: string, body?: object): Promise<T> {
    return call(method, this.#url + path, this.#token, body);
  }

  async edit(id: string, text: string): Promise<void> {
    await this.call('PATCH', `${deals}/${id}`, { properties: { hs_next_step: text } });
  }

  async texts(ids: readonly string[]): Promise<Map<string, string | null>> {
    const body = { properties: ['hs_next_step'], inputs: ids.map((id) => ({ id })) };
    const { results } = await this.call<{ results: Row[] }>('POST', `${deals}/batch/read`, body);
    return new Map(results.map(({ id, properties }) => [id, properties['hs_next_step'] ?? null]));
  }

  async idsByRecord(): Promise<Map<string, string>> {
    const { results } = await this.call<{ results: Row[] }>('GET', `${deals}?limit=100&properties=rapport_id`);
    return new Map(results.flatMap(({ id, properties: { rapport_id: ours } }) => (ours ? [[ours, id]] : [])));
  }
}

interface Row {
  id: string;
  properties: Record<string, string | null>;
}

const version = 'v67.0';

export class SalesforceCrm implements Crm {
  readonly #url: string;
  readonly #token: string;

  private constructor(url: string, token: string) {
    this.#url = url;
    this.#token = token;
  }

  static async login(port: number): Promise<SalesforceCrm> {
    const url = `http://127.0.0.1:${port}`;
    const { clientId, clientSecret } = orgs[0].person;
    const form = { grant_type: 'client_credentials', client_id: clientId, client_secret: clientSecret };
    const answer = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body: new URLSearchParams(form) });
    if (!answer.ok) throw new Error(`Salesforce gave no session: ${await answer.text()}`);
    return new SalesforceCrm(url, ((await answer.json()) as { access_token: string }).access_token);
  }

  call<T>(method: string, path: string, body?: object): Promise<T> {
    return call(method, `${this.#url}/services/data/${version}${path}`, this.#token, body);
  }

  async query<T>(soql: string): Promise<T[]> {
    const { records } = await this.call<{ records: T[] }>('GET', `/query?q=${encodeURIComponent(soql)}`);
    return records;
  }

  async edit(id: string, text: string): Promise<void> {
    await this.call('PATCH', `/sobjects/Opportunity/${id}`, { NextStep: text });
  }

  async texts(ids: readonly string[]): Promise<Map<string, string | null>> {
    const list = ids.map((id) => `'${id}'`).join(', ');
    const rows = await this.query<{ Id: string; NextStep: string | null }>(
      `SELECT Id, NextStep FROM Opportunity WHERE Id IN (${list})`,
    );
    return new Map(rows.map((row) => [row.Id, row.NextStep]));
  }

  async idsByRecord(): Promise<Map<string, string>> {
    const rows = await this.query<{ Id: string; Rapport_Id__c: string }>(
      'SELECT Id, Rapport_Id__c FROM Opportunity WHERE Rapport_Id__c != null',
    );
    return new Map(rows.map((row) => [row.Rapport_Id__c, row.Id]));
  }
}

async function call<T>(method: string, url: string, token: string, body?: object): Promise<T> {
  const answer = await fetch(url, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
    ...(body && { body: JSON.stringify(body) }),
  });
  const text = await answer.text();
  if (!answer.ok) throw new Error(`${method} ${url}: ${answer.status} ${text.slice(0, 500)}`);
  return (text === '' ? undefined : JSON.parse(text)) as T;
}
