import assert from 'node:assert/strict';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { verifyV3 } from '../../../connectors/hubspot/signature.ts';
import { clientSecret, publicUrl } from '../../../bench/intake/accounts.ts';
import { signedRequests } from '../../../bench/intake/requests.ts';
import { sendAll } from '../../../bench/intake/send-all.ts';

describe('bench intake load', () => {
  let server: Server | undefined;
  afterEach(() => void server?.close());

  const listen = (handle: (body: Buffer, headers: Record<string, string>) => number): Promise<number> => {
    const made = createServer((request, response) => {
      const chunks: Buffer[] = [];
      request.on('data', (chunk: Buffer) => chunks.push(chunk));
      request.on('end', () => {
        response.statusCode = handle(Buffer.concat(chunks), request.headers as Record<string, string>);
        const text = '{"stored":10}';
        response.setHeader('content-length', text.length);
        response.end(text);
      });
    });
    server = made;
    const { promise, resolve } = Promise.withResolvers<number>();
    made.listen(0, '127.0.0.1', () => resolve((made.address() as AddressInfo).port));
    return promise;
  };

  it('sends every request once, each with a good signature and events of its own', async () => {
    const ids = new Set<number>();
    const port = await listen((body, headers) => {
      verifyV3({ method: 'POST', target: '/webhooks/hubspot', headers, body }, { clientSecret, publicUrl }, Date.now());
      for (const { eventId } of JSON.parse(body.toString()) as { eventId: number }[]) ids.add(eventId);
      return 200;
    });
    await sendAll(port, [...signedRequests(37, Date.now(), 1)], 5);
    assert.equal(ids.size, 370);
  });

  it('stops at an answer that is not 200', async () => {
    const port = await listen(() => 503);
    await assert.rejects(sendAll(port, [...signedRequests(3, Date.now(), 1)], 2), /503/);
  });
});
