import assert from 'node:assert/strict';
import { Server, ServerCredentials, type ServerDuplexStream } from '@grpc/grpc-js';
import { subscribe } from '../../../../../connectors/salesforce/pubsub/subscribe.ts';
import {
  pubsubService,
  type FetchRequest,
  type FetchResponse,
} from '../../../../../sandbox/salesforce/pubsub/service-definition.ts';
import { orgA, until } from '../../../sandbox/salesforce/pubsub/rig.ts';

/** A server that keeps no cap of its own and notes how much was asked for and not yet sent. */
async function startMeter(
  total: number,
): Promise<{ port: number; largest(): number; requests: FetchRequest[]; stop(): void }> {
  const server = new Server();
  const requests: FetchRequest[] = [];
  let credit = 0;
  let largest = 0;
  let sent = 0;
  server.addService(pubsubService(), {
    GetTopic: () => assert.fail('not needed'),
    GetSchema: () => assert.fail('not needed'),
    Subscribe: (call: ServerDuplexStream<FetchRequest, object>) => {
      call.on('data', (request: FetchRequest) => {
        requests.push(request);
        credit += request.num_requested;
        largest = Math.max(largest, credit);
        // Batches of seven, in turns, so that requests cross deliveries.
        const deliver = (): void => {
          const count = Math.min(7, credit, total - sent);
          if (count === 0) return;
          const events = Array.from({ length: count }, (_, index) => ({ replay_id: Buffer.from([sent + index]) }));
          sent += count;
          credit -= count;
          call.write({ events, latest_replay_id: events.at(-1)?.replay_id } satisfies Partial<
            Record<keyof FetchResponse, unknown>
          >);
          setImmediate(deliver);
        };
        setImmediate(deliver);
      });
    },
  });
  const port = await new Promise<number>((resolve, reject) => {
    server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, bound) =>
      error ? reject(error) : resolve(bound),
    );
  });
  return { port, largest: () => largest, requests, stop: () => server.forceShutdown() };
}

describe('connectors/salesforce/pubsub flow control', () => {
  it('asks for at most 100 events over all requests, and keeps asking', async () => {
    const meter = await startMeter(250);
    const abort = new AbortController();
    let last = 0;
    const ended = subscribe({
      endpoint: `http://127.0.0.1:${meter.port}`,
      instanceUrl: 'http://127.0.0.1:4020',
      orgId: orgA,
      accessToken: async () => 'token',
      topic: '/data/ChangeEvents',
      replayId: Buffer.from('0123456789', 'latin1'),
      onEvents: async (_events, latest) => {
        await new Promise((resolve) => setTimeout(resolve, 1));
        last = latest[0] ?? 0;
      },
      signal: abort.signal,
    });
    await until('all events', () => last === 249);
    abort.abort();
    await ended;
    assert.equal(meter.largest(), 100);
    const [first, ...later] = meter.requests;
    assert.equal(first?.replay_preset, 'CUSTOM');
    assert.equal(first.replay_id.toString('latin1'), '0123456789');
    assert.ok(later.length >= 2);
    meter.stop();
  });
});
