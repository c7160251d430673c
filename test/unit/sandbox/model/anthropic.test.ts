import assert from 'node:assert/strict';
import Anthropic, { AnthropicError, APIConnectionTimeoutError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { z } from 'zod';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startModel } from '../../../../sandbox/model/model.ts';
import { vendorContext } from '../seed/vendor-context.ts';
import { question } from './sources.ts';

const brief = z.object({
  summary: z.string().min(1),
  competitors: z
    .array(z.object({ name: z.string(), domain: z.string().nullable(), quote: z.string(), url: z.url() }))
    .max(3),
});
const base = {
  model: 'sandbox-extractive',
  max_tokens: 4000,
  messages: [{ role: 'user' as const, content: question }],
};

describe('sandbox/model as Anthropic', () => {
  let context: VendorContext;
  let vendor: Vendor;
  let client: Anthropic;
  const connect = (apiKey: string): Anthropic =>
    new Anthropic({ apiKey, baseURL: `http://127.0.0.1:${vendor.port}`, maxRetries: 0, timeout: 2000 });
  const structured = () => client.messages.parse({ ...base, output_config: { format: zodOutputFormat(brief) } });

  beforeEach(async () => {
    context = vendorContext();
    vendor = await startModel(context);
    client = connect('sandbox');
  });
  afterEach(async () => {
    await vendor.stop();
    context.storage.close();
  });

  it('answers output_config.format as the SDK sends it, with usage', async () => {
    const message = await structured();
    assert.equal(message.parsed_output?.competitors.length, 3);
    assert.equal(message.parsed_output.competitors[0]?.domain, 'kestrel-freight.example');
    assert.equal(message.stop_reason, 'end_turn');
    assert.ok(message.usage.input_tokens > 100 && message.usage.output_tokens > 10);
  });

  it('fills a forced tool, at once and streamed', async () => {
    const asked = {
      ...base,
      tools: [{ name: 'file', input_schema: z.toJSONSchema(brief) as Anthropic.Tool.InputSchema }],
      tool_choice: { type: 'tool' as const, name: 'file' },
    };
    const { content, stop_reason } = await client.messages.create(asked);
    assert.ok(content[0]?.type === 'tool_use' && stop_reason === 'tool_use');
    assert.equal(brief.parse(content[0].input).competitors.length, 3);
    const streamed = await client.messages.stream(asked).finalMessage();
    assert.deepEqual(streamed.content[0]?.type === 'tool_use' && streamed.content[0].input, content[0].input);
  });

  it('streams prose, and breaks off at max_tokens', async () => {
    const whole = await client.messages.stream(base).finalText();
    assert.match(whole, /^Northwind moves .* \[http:\/\/northwind\.example\/about\]/);
    const cut = await client.messages.create({ ...base, max_tokens: 5 });
    assert.equal(cut.stop_reason, 'max_tokens');
    assert.deepEqual(
      cut.content.map((block) => block.type === 'text' && block.text),
      [whole.slice(0, 20)],
    );
  });

  it('lists its models', async () => {
    assert.deepEqual(
      (await client.models.list()).data.map(({ id }) => id),
      ['sandbox-extractive'],
    );
  });

  it('refuses as the vendor does: key, model, parameter, missing field, schema', async () => {
    const create = (more: object, by = client) => by.messages.create({ ...base, ...more });
    const shaped = (type: string, message: RegExp) => (error: InstanceType<typeof Anthropic.APIError>) => {
      const body = error.error as { type: string; error: { type: string; message: string }; request_id: string };
      assert.deepEqual([body.type, body.error.type], ['error', type]);
      assert.match(body.error.message, message);
      assert.equal(body.request_id, error.requestID);
      return true;
    };
    await assert.rejects(create({}, connect('wrong')), shaped('authentication_error', /invalid x-api-key/));
    await assert.rejects(create({ model: 'claude-9' }), shaped('not_found_error', /^model: claude-9$/));
    await assert.rejects(
      create({ max_token: 1 }),
      shaped('invalid_request_error', /^max_token: Extra inputs are not permitted$/),
    );
    await assert.rejects(
      create({ max_tokens: undefined }),
      shaped('invalid_request_error', /^max_tokens: Field required$/),
    );
    const format = { type: 'json_schema', schema: { type: 'object', properties: {} } };
    await assert.rejects(
      create({ output_config: { format } }),
      shaped('invalid_request_error', /'additionalProperties' must be explicitly set to false/),
    );
  });

  it('shows planted faults once each', async () => {
    context.faults.arm({ name: 'model.status', match: { vendor: 'anthropic' }, params: { status: 529 } });
    await assert.rejects(structured(), { status: 529, type: 'overloaded_error' });
    context.faults.arm({ name: 'model.status', params: { status: 429, retryAfter_s: 3 } });
    await assert.rejects(
      structured(),
      (error: InstanceType<typeof Anthropic.RateLimitError>) => error.headers.get('retry-after') === '3',
    );
    context.faults.arm({ name: 'model.refusal' });
    const refused = await client.messages.create(base);
    assert.deepEqual([refused.stop_reason, refused.stop_details?.type, refused.content], ['refusal', 'refusal', []]);
    context.faults.arm({ name: 'model.nonsense' });
    await assert.rejects(structured(), AnthropicError);
    context.faults.arm({ name: 'model.timeout' });
    await assert.rejects(client.messages.create(base, { timeout: 200 }), APIConnectionTimeoutError);
    assert.equal(context.faults.list().length, 0);
  });
});
