import assert from 'node:assert/strict';
import OpenAI, { APIConnectionTimeoutError } from 'openai';
import { zodResponseFormat, zodTextFormat } from 'openai/helpers/zod';
import { z } from 'zod';
import type { Vendor, VendorContext } from '../../../../sandbox/kit/vendor.ts';
import { startModel } from '../../../../sandbox/model/model.ts';
import { vendorContext } from '../seed/vendor-context.ts';
import { question } from './sources.ts';

const brief = z.object({
  summary: z.string(),
  competitors: z.array(z.object({ name: z.string(), quote: z.string(), source: z.string() })),
});
const model = 'sandbox-extractive';
const messages = [{ role: 'user' as const, content: question }];

describe('sandbox/model as OpenAI', () => {
  let context: VendorContext;
  let vendor: Vendor;
  let client: OpenAI;
  const connect = (apiKey: string): OpenAI =>
    new OpenAI({ apiKey, baseURL: `http://127.0.0.1:${vendor.port}/v1`, maxRetries: 0, timeout: 2000 });
  const strict = () =>
    client.chat.completions.parse({ model, messages, response_format: zodResponseFormat(brief, 'brief') });

  beforeEach(async () => {
    context = vendorContext();
    vendor = await startModel(context);
    client = connect('sandbox');
  });
  afterEach(async () => {
    await vendor.stop();
    context.storage.close();
  });

  it('answers a strict json_schema, with usage', async () => {
    const { choices, usage } = await strict();
    assert.equal(choices[0]?.finish_reason, 'stop');
    assert.equal(choices[0].message.parsed?.competitors[0]?.name, 'Kestrel Freight');
    assert.ok(
      usage && usage.prompt_tokens > 100 && usage.total_tokens === usage.prompt_tokens + usage.completion_tokens,
    );
  });

  it('streams what it would have answered at once', async () => {
    const { choices } = await strict();
    const stream = client.chat.completions.stream({
      model,
      messages,
      response_format: zodResponseFormat(brief, 'brief'),
      stream_options: { include_usage: true },
    });
    let text = '';
    stream.on('content', (delta) => (text += delta));
    const whole = await stream.finalChatCompletion();
    assert.equal(text, choices[0]?.message.content);
    assert.ok(whole.usage && whole.usage.completion_tokens > 0);
  });

  it('fills a forced function, at once and streamed', async () => {
    const tools = [
      { type: 'function' as const, function: { name: 'file', parameters: z.toJSONSchema(brief), strict: true } },
    ];
    const tool_choice = { type: 'function' as const, function: { name: 'file' } };
    const { choices } = await client.chat.completions.create({ model, messages, tools, tool_choice });
    const called = choices[0]?.message.tool_calls?.[0];
    assert.ok(called?.type === 'function');
    assert.ok(brief.parse(JSON.parse(called.function.arguments)).competitors.length > 0);
    const streamed = await client.chat.completions
      .stream({ model, messages, tools, tool_choice })
      .finalFunctionToolCall();
    assert.equal(streamed?.arguments, called.function.arguments);
  });

  it('answers the responses endpoint, at once and streamed', async () => {
    const asked = { model, input: question, text: { format: zodTextFormat(brief, 'brief') } };
    const response = await client.responses.parse(asked);
    assert.match(response.output_parsed?.summary ?? '', /^Northwind moves/);
    const final = await client.responses.stream(asked).finalResponse();
    assert.equal(final.output_text, response.output_text);
    assert.equal(final.status, 'completed');
  });

  it('breaks off at the token limit and says so', async () => {
    const chat = await client.chat.completions.create({ model, messages, max_completion_tokens: 5 });
    assert.equal(chat.choices[0]?.finish_reason, 'length');
    assert.equal(chat.choices[0].message.content?.length, 20);
    const response = await client.responses.create({ model, input: question, max_output_tokens: 16 });
    assert.deepEqual([response.status, response.incomplete_details], ['incomplete', { reason: 'max_output_tokens' }]);
  });

  it('embeds like texts near each other, and takes dimensions', async () => {
    const input = ['cold chain logistics in Rotterdam', 'logistics of the cold chain', 'dental imaging software'];
    const { data } = await client.embeddings.create({ model: 'sandbox-embedding', input, dimensions: 64 });
    const vectors = data.map(({ embedding }) => embedding);
    const product = (one: number[], other: number[]): number =>
      one.reduce((sum, value, at) => sum + value * (other[at] ?? 0), 0);
    const [first, second, third] = vectors as [number[], number[], number[]];
    assert.equal(first.length, 64);
    assert.ok(Math.abs(product(first, first) - 1) < 1e-5);
    assert.ok(product(first, second) > product(first, third) + 0.2);
  });

  it('lists its models', async () => {
    const names = (await client.models.list()).data.map(({ id }) => id);
    assert.deepEqual(names, ['sandbox-extractive', 'sandbox-embedding']);
  });

  it('refuses as the vendor does: key, model, parameter, schema, path', async () => {
    const chat = (more: object, by = client) => by.chat.completions.create({ model, messages, ...more });
    await assert.rejects(chat({}, connect('wrong')), {
      status: 401,
      code: 'invalid_api_key',
      type: 'invalid_request_error',
    });
    await assert.rejects(chat({ model: 'gpt-9' }), { status: 404, code: 'model_not_found' });
    await assert.rejects(chat({ temprature: 1 }), { status: 400, code: 'unknown_parameter', param: 'temprature' });
    await assert.rejects(client.chat.completions.create({ model } as never), {
      status: 400,
      code: 'missing_required_parameter',
      param: 'messages',
    });
    const schema = { type: 'object', properties: { summary: { type: 'string' } } };
    await assert.rejects(
      chat({ response_format: { type: 'json_schema', json_schema: { name: 'b', strict: true, schema } } }),
      {
        status: 400,
        code: 'invalid_json_schema',
        message: /In context=\(\), 'additionalProperties' is required to be supplied and to be false/,
      },
    );
    await assert.rejects(chat({ response_format: { type: 'json_object' } }), {
      status: 400,
      message: /must contain the word 'json'/,
    });
    await assert.rejects(client.moderations.create({ input: 'x' }), { status: 404, code: 'unknown_url' });
  });

  it('shows planted faults once each', async () => {
    context.faults.arm({ name: 'model.status', match: { vendor: 'openai' }, params: { status: 429, retryAfter_s: 7 } });
    await assert.rejects(strict(), (error: InstanceType<typeof OpenAI.RateLimitError>) => {
      assert.deepEqual([error.status, error.code, error.headers.get('retry-after')], [429, 'rate_limit_exceeded', '7']);
      return true;
    });
    context.faults.arm({ name: 'model.refusal' });
    assert.match((await strict()).choices[0]?.message.refusal ?? '', /can't help/);
    context.faults.arm({ name: 'model.nonsense' });
    await assert.rejects(strict(), SyntaxError);
    context.faults.arm({ name: 'model.nonsense', params: { kind: 'schema' } });
    await assert.rejects(strict(), z.ZodError);
    context.faults.arm({ name: 'model.timeout' });
    await assert.rejects(
      client.chat.completions.create({ model, messages }, { timeout: 200 }),
      APIConnectionTimeoutError,
    );
    assert.ok((await strict()).choices[0]?.message.parsed);
  });

  it('is steered over HTTP, by a name that another vendor’s faults do not match', async () => {
    const faults = [
      { name: 'model.status', match: { vendor: 'anthropic' }, params: { status: 529 } },
      { name: 'model.status', params: { status: 500 } },
    ];
    await fetch(`http://127.0.0.1:${vendor.port}/_sandbox/faults`, {
      method: 'POST',
      body: JSON.stringify({ faults }),
    });
    await assert.rejects(strict(), { status: 500, type: 'server_error' });
    assert.equal(context.faults.list().length, 1);
  });
});
