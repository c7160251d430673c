import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** One request and its answer, as they passed. */
export interface Exchange {
  method: string;
  path: string;
  query: URLSearchParams;
  /** Parsed JSON or form; undefined without a body. */
  request: unknown;
  status: number;
  /** Parsed JSON; undefined without a body. */
  response: unknown;
}

/** Reads of the vendors that are no GET. */
const reads = /\/oauth2?\/|\/batch\/read$|\/search$|\/query$|\/composite\/sobjects\/\w+$|\/services\/oauth2\/token$/;

/**
 * Stands before a vendor and keeps what passes. It is reached by `host`: `0.0.0.0` leads to this machine, too, but does not
 * look like it. Where the vendor names its own address, the answer names the proxy's.
 */
export class RecordingProxy {
  readonly exchanges: Exchange[] = [];
  readonly url: string;
  readonly #server: Server;

  private constructor(server: Server, host: string) {
    this.#server = server;
    this.url = `http://${host}:${(server.address() as AddressInfo).port}`;
  }

  static async before(target: string, host: '127.0.0.1' | '0.0.0.0'): Promise<RecordingProxy> {
    const server = createServer();
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const proxy = new RecordingProxy(server, host);
    server.on('request', (request, response) => {
      proxy.#pass(target, request, response).catch(() => response.destroy());
    });
    return proxy;
  }

  async #pass(target: string, request: IncomingMessage, response: ServerResponse): Promise<void> {
    const parts: Buffer[] = [];
    for await (const part of request) parts.push(part as Buffer);
    const sent = Buffer.concat(parts);
    const { method = '', url = '' } = request;
    const { host: _, connection: __, 'transfer-encoding': ___, 'content-length': ____, ...headers } = request.headers;
    const answer = await fetch(target + url, {
      method,
      redirect: 'manual',
      headers: headers as Record<string, string>,
      ...(sent.length > 0 && { body: sent }),
    });
    const text = (await answer.text()).replaceAll(target, this.url);
    const { pathname, searchParams } = new URL(url, target);
    const isForm = String(headers['content-type']).includes('form');
    this.exchanges.push({
      method,
      path: pathname,
      query: searchParams,
      request: isForm ? Object.fromEntries(new URLSearchParams(sent.toString())) : json(sent.toString()),
      status: answer.status,
      response: json(text),
    });
    for (const [name, value] of answer.headers)
      if (!['content-length', 'content-encoding', 'transfer-encoding', 'connection'].includes(name))
        response.setHeader(name, value);
    response.writeHead(answer.status).end(text);
  }

  /** What passed and was no read, one line each. */
  writes(): string[] {
    const found = this.exchanges.filter(({ method, path }) => method !== 'GET' && !reads.test(path));
    return found.map(({ method, path }) => `${method} ${path}`);
  }

  async stop(): Promise<void> {
    this.#server.closeAllConnections();
    await new Promise((resolve) => this.#server.close(resolve));
  }
}

function json(text: string): unknown {
  return text === '' ? undefined : JSON.parse(text);
}
