import { createServer, request as httpRequest } from 'node:http';
import type { AddressInfo } from 'node:net';
import { anthropicModel } from '../../connectors/anthropic/anthropic-model.ts';
import { openaiModel } from '../../connectors/openai/openai-model.ts';
import type { Model } from '../../protocol/model.ts';
import { startModel } from '../../sandbox/model/model.ts';
import { vendorContext } from '../unit/sandbox/seed/vendor-context.ts';
import { modelConformance, type ModelBench } from './model.ts';

type Make = (options: { apiKey: string; url: string }) => Model;
const clock = { now_ms: () => Date.now(), sleep: () => Promise.resolve() };
const common = { model: 'sandbox-extractive', label: 'Sandbox model (extractive)', clock, timeout_ms: 300 };

/** The sandbox's model behind a recorder of what is sent to it. */
async function bench(make: Make): Promise<ModelBench> {
  const context = vendorContext();
  const vendor = await startModel(context);
  const bodies: string[] = [];
  const recorder = createServer((incoming, outgoing) => {
    const chunks: Buffer[] = [];
    incoming.on('data', (chunk: Buffer) => chunks.push(chunk));
    incoming.on('end', () => {
      bodies.push(Buffer.concat(chunks).toString('utf8'));
      const { method, headers, url: path } = incoming;
      const onward = httpRequest({ port: vendor.port, host: '127.0.0.1', method, headers, path }, (answer) => {
        outgoing.writeHead(answer.statusCode ?? 500, answer.headers);
        answer.pipe(outgoing);
      });
      onward.on('error', () => outgoing.destroy());
      outgoing.on('close', () => onward.destroy());
      onward.end(Buffer.concat(chunks));
    });
  });
  await new Promise<void>((resolve) => recorder.listen(0, '127.0.0.1', resolve));
  const url = `http://127.0.0.1:${(recorder.address() as AddressInfo).port}`;
  return {
    model: make({ apiKey: 'sandbox', url }),
    withBadKey: make({ apiKey: 'revoked', url }),
    now_ms: () => Date.now(),
    plant: (name, { times = 1, params = {} } = {}) =>
      context.faults.arm({ name: `model.${name}`, times, params: { ...params } }),
    bodies: () => bodies,
    async close() {
      recorder.closeAllConnections();
      recorder.close();
      await vendor.stop();
      context.storage.close();
    },
  };
}

describe('conformance: openai model', () => {
  modelConformance(() => bench(({ apiKey, url }) => openaiModel({ ...common, apiKey, baseUrl: `${url}/v1` })));
});

describe('conformance: anthropic model', () => {
  modelConformance(() => bench(({ apiKey, url }) => anthropicModel({ ...common, apiKey, baseUrl: url })));
});
