import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Clock } from '../../../../sandbox/kit/clock.ts';
import { Faults } from '../../../../sandbox/kit/faults.ts';
import { Storage } from '../../../../sandbox/kit/storage.ts';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startHubspot, type HubspotOptions } from '../../../../sandbox/hubspot/hubspot.ts';
import { hubspotApp, portals } from '../../../../sandbox/seed/credentials.ts';
import { tinyWorld } from './tiny-world.ts';

export interface Answer {
  status: number;
  headers: Headers;
  // A test reads whatever the vendor answered.
  // oxlint-disable-next-line typescript/no-explicit-any
  body: any;
}

/** A request that reached the pretended hub. */
export interface Received {
  method: string;
  url: string;
  headers: IncomingMessage['headers'];
  body: string;
}

type Event = Record<string, unknown>;

/** The stand-in on a free port with a tiny world, and a pretended hub that keeps what it is sent. */
export class StandIn {
  readonly context: VendorContext;
  readonly received: Received[] = [];
  /** What the pretended hub answers; undefined never answers. */
  reply: (request: Received) => { status: number; body?: unknown; headers?: Record<string, string> } | undefined =
    () => ({
      status: 200,
    });
  readonly #hub: Server;
  #vendor: Vendor | undefined;

  private constructor(hub: Server, storage: Storage) {
    this.#hub = hub;
    this.context = {
      port: 0,
      host: '127.0.0.1',
      storage,
      clock: new Clock(),
      faults: new Faults(),
      world: tinyWorld,
      hubUrl: `http://127.0.0.1:${(hub.address() as AddressInfo).port}`,
    };
  }

  static async start(
    options: (hubUrl: string) => HubspotOptions = () => ({}),
    storage = new Storage(':memory:'),
  ): Promise<StandIn> {
    const hub = createServer();
    await new Promise<void>((resolve) => hub.listen(0, '127.0.0.1', resolve));
    const standIn = new StandIn(hub, storage);
    hub.on('request', (request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        const { method = '', url = '', headers } = request;
        const seen = { method, url, headers, body: Buffer.concat(chunks).toString('utf8') };
        standIn.received.push(seen);
        const answer = standIn.reply(seen);
        if (!answer) return;
        response.writeHead(answer.status, { 'content-type': 'application/json', ...answer.headers });
        response.end(JSON.stringify(answer.body ?? {}));
      });
    });
    await standIn.restart(options(standIn.context.hubUrl));
    return standIn;
  }

  /** Stops the stand-in, if it runs, and starts it on the same storage. */
  async restart(options: HubspotOptions = {}): Promise<void> {
    await this.#vendor?.stop();
    this.#vendor = await startHubspot(this.context, options);
    this.#vendor.seed();
  }

  async stop(): Promise<void> {
    await this.#vendor?.stop();
    this.#hub.closeAllConnections();
    await new Promise((resolve) => this.#hub.close(resolve));
    this.context.storage.close();
  }

  get url(): string {
    return `http://127.0.0.1:${this.#vendor?.port}`;
  }

  /** A call as the person of portal a, unless another token is given. */
  async call(method: string, path: string, body?: unknown, token = 'sandbox'): Promise<Answer> {
    const answer = await fetch(this.url + path, {
      method,
      redirect: 'manual',
      headers: { authorization: `Bearer ${token}`, ...(body !== undefined && { 'content-type': 'application/json' }) },
      ...(body !== undefined && { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  async form(path: string, fields: Record<string, string>): Promise<Answer> {
    const { clientId, clientSecret } = hubspotApp;
    const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...fields });
    const answer = await fetch(this.url + path, { method: 'POST', body });
    const text = await answer.text();
    return { status: answer.status, headers: answer.headers, body: text === '' ? undefined : JSON.parse(text) };
  }

  /** A fresh access token of the app at portal a. */
  async appToken(): Promise<string> {
    const grant = { grant_type: 'refresh_token', refresh_token: portals[0].refreshToken };
    return (await this.form('/oauth/2026-09/token', grant)).body.access_token;
  }

  /** Creates a record as the person and gives its id. */
  async create(type: string, properties: Record<string, string>, token?: string): Promise<string> {
    const { status, body } = await this.call('POST', `/crm/objects/2026-09/${type}`, { properties }, token);
    if (status !== 201) throw new Error(JSON.stringify(body));
    return body.id;
  }

  /** All webhook events that reached the hub. */
  events(subscriptionType?: string): Event[] {
    const all = this.received.flatMap(({ body }) => JSON.parse(body) as Event[]);
    return subscriptionType === undefined ? all : all.filter((event) => event['subscriptionType'] === subscriptionType);
  }
}

/** Waits until `found` gives something true; fails after five seconds. */
export async function until<T>(found: () => T | Promise<T>): Promise<NonNullable<Awaited<T>>> {
  const end_ms = Date.now() + 5000;
  for (;;) {
    const value = await found();
    if (value) return value;
    if (Date.now() > end_ms) throw new Error(`waited in vain for ${found.toString()}`);
    await new Promise((resolve) => {
      setTimeout(resolve, 5);
    });
  }
}
