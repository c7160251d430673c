import jsforce from 'jsforce';
import { Clock } from '../../../../sandbox/kit/clock.ts';
import { Faults } from '../../../../sandbox/kit/faults.ts';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { startSalesforce, type Salesforce, type SalesforceOptions } from '../../../../sandbox/salesforce/salesforce.ts';
import { orgs } from '../../../../sandbox/seed/credentials.ts';
import type { World } from '../../../../sandbox/seed/world.ts';
import { tinyWorld } from './tiny-world.ts';

export const [orgA, orgB] = orgs;

export interface Tiny {
  salesforce: Salesforce;
  baseUrl: string;
  clock: Clock;
  faults: Faults;
  storage: Storage;
  /** Published transactions, in order. */
  transactions: RowChange[][];
  /** A plain call with a bearer token. */
  call(token: string, method: string, path: string, body?: unknown, headers?: Record<string, string>): Promise<Answer>;
  /** An access token of a client. */
  token(client: { clientId: string; clientSecret: string }): Promise<string>;
  /** A jsforce connection that is logged in. */
  connect(client: { clientId: string; clientSecret: string }): Promise<jsforce.Connection>;
  stop(): Promise<void>;
}

export interface Answer {
  status: number;
  // The body of an API under test; each test says what it expects of it.
  body: never;
  headers: Headers;
}

/** Starts a seeded stand-in on a free port, with a feed that keeps what it is told. */
export async function startTiny(options: Partial<SalesforceOptions> = {}, world: World = tinyWorld): Promise<Tiny> {
  const storage = new Storage(':memory:');
  const clock = new Clock();
  const faults = new Faults();
  const transactions: RowChange[][] = [];
  const salesforce = await startSalesforce(
    { port: 0, host: '127.0.0.1', storage, clock, faults, world, hubUrl: 'http://127.0.0.1:1' },
    { feed: { publish: (changes) => transactions.push([...changes]) }, ...options },
  );
  salesforce.seed();
  const baseUrl = `http://127.0.0.1:${salesforce.port}`;

  async function token({ clientId, clientSecret }: { clientId: string; clientSecret: string }): Promise<string> {
    const answer = await fetch(`${baseUrl}/services/oauth2/token`, {
      method: 'POST',
      body: new URLSearchParams({
        grant_type: 'client_credentials',
        client_id: clientId,
        client_secret: clientSecret,
      }),
    });
    return ((await answer.json()) as { access_token: string }).access_token;
  }

  return {
    salesforce,
    baseUrl,
    clock,
    faults,
    storage,
    transactions,
    token,
    async call(accessToken, method, path, body, headers = {}) {
      const answer = await fetch(baseUrl + path, {
        method,
        headers: { authorization: `Bearer ${accessToken}`, 'content-type': 'application/json', ...headers },
        ...(body === undefined ? {} : { body: typeof body === 'string' ? body : JSON.stringify(body) }),
      });
      const text = await answer.text();
      return { status: answer.status, headers: answer.headers, body: (text ? JSON.parse(text) : undefined) as never };
    },
    async connect({ clientId, clientSecret }) {
      const connection = new jsforce.Connection({
        loginUrl: baseUrl,
        instanceUrl: baseUrl,
        version: '67.0',
        oauth2: { loginUrl: baseUrl, clientId, clientSecret },
        callOptions: { client: 'Rapport' },
      });
      await connection.authorize({ grant_type: 'client_credentials' });
      return connection;
    },
    async stop() {
      await salesforce.stop();
      storage.close();
    },
  };
}
