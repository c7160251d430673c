import assert from 'node:assert/strict';
import { Connection } from 'jsforce';

export type SalesforceRow = Record<string, unknown> & { Id: string };

/** A person at one org of the sandbox, through jsforce: what they change reads as made in Salesforce's UI. */
export class SalesforcePerson {
  readonly url: string;
  readonly orgId: string;
  readonly connection: Connection;
  readonly #names = new Map<string, Promise<string[]>>();

  private constructor(url: string, orgId: string, connection: Connection) {
    this.url = url;
    this.orgId = orgId;
    this.connection = connection;
  }

  static async login(options: {
    url: string;
    orgId: string;
    clientId: string;
    clientSecret: string;
  }): Promise<SalesforcePerson> {
    const { url, orgId, clientId, clientSecret } = options;
    const connection = new Connection({ oauth2: { loginUrl: url, clientId, clientSecret }, version: '67.0' });
    await connection.authorize({ grant_type: 'client_credentials' });
    return new SalesforcePerson(url, orgId, connection);
  }

  /** Answers the new row's id. */
  async create(object: string, fields: object): Promise<string> {
    const made = await this.connection.sobject(object).create(fields);
    assert.ok(made.success);
    return made.id;
  }

  async update(object: string, id: string, fields: object): Promise<void> {
    await this.connection.sobject(object).update({ Id: id, ...fields });
  }

  /** At most 200 rows in one request. */
  async updateAll(object: string, rows: readonly ({ Id: string } & Record<string, unknown>)[]): Promise<void> {
    const answers = await this.connection.sobject(object).update([...rows], { allOrNone: true });
    assert.ok(answers.every((answer) => answer.success));
  }

  async delete(object: string, id: string): Promise<void> {
    await this.connection.sobject(object).destroy(id);
  }

  /** What the REST API has no call for. */
  async #act(what: string, body: object): Promise<unknown> {
    const headers = { authorization: `Bearer ${this.connection.accessToken}`, 'content-type': 'application/json' };
    const answer = await fetch(`${this.url}/_ui/${what}`, { method: 'POST', headers, body: JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${what}: ${answer.status} ${text}`);
    return text === '' ? undefined : JSON.parse(text);
  }

  /** `fields`: what the person chose of the losers' values. */
  async merge(masterId: string, mergeIds: readonly string[], fields: object = {}): Promise<void> {
    await this.#act('merge', { masterId, mergeIds, fields });
  }

  async undelete(id: string): Promise<void> {
    await this.#act('undelete', { ids: [id] });
  }

  async query<Row = SalesforceRow>(soql: string): Promise<Row[]> {
    const { records } = await this.connection.query(soql, { autoFetch: true, maxFetch: 100_000 });
    return records as Row[];
  }

  async read(object: string, id: string, fields: readonly string[]): Promise<SalesforceRow> {
    const [row] = await this.query(`SELECT Id, ${fields.join(', ')} FROM ${object} WHERE Id = '${id}'`);
    assert.ok(row, `no ${object} ${id}`);
    return row;
  }

  /** What the Lightning component gets of an Apex method. */
  async apex(method: string, parameters: object): Promise<unknown> {
    const answer = await fetch(`${this.url}/_ui/apex/RapportDealController/${method}`, {
      method: 'POST',
      headers: { authorization: `Bearer ${this.connection.accessToken}` },
      body: JSON.stringify(parameters),
    });
    const text = await answer.text();
    assert.equal(answer.status, 200, text);
    return JSON.parse(text);
  }

  /** The names of every field of an object, as they were at the first call. */
  fieldNames(object: string): Promise<string[]> {
    const names = this.#names.get(object) ?? this.#readNames(object);
    this.#names.set(object, names);
    return names;
  }

  async #readNames(object: string): Promise<string[]> {
    return (await this.connection.describe(object)).fields.map(({ name }) => name);
  }
}
