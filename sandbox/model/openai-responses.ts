import { z } from 'zod';
import { answer, modelName, type Answer } from './answer.ts';
import { parsed, pieces, sendEvents, type Call } from './call.ts';
import { checkStrict, refusalOf } from './openai-chat.ts';
import { modelNotFound } from './openai-errors.ts';
import type { JsonSchema } from './schema.ts';

const part = z.strictObject({ type: z.enum(['input_text', 'output_text']), text: z.string() });
const item = z.looseObject({
  type: z.literal('message').optional(),
  role: z.enum(['system', 'developer', 'user', 'assistant']),
  content: z.union([z.string(), z.array(part)]),
});
const format = z.discriminatedUnion('type', [
  z.strictObject({ type: z.literal('text') }),
  z.strictObject({
    type: z.literal('json_schema'),
    name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
    description: z.string().optional(),
    schema: z.record(z.string(), z.unknown()),
    strict: z.boolean().nullish(),
  }),
]);
const request = z.strictObject({
  model: z.string(),
  input: z.union([z.string(), z.array(item).min(1)]),
  instructions: z.string().nullish(),
  text: z
    .strictObject({ format: format.optional(), verbosity: z.enum(['low', 'medium', 'high']).nullish() })
    .optional(),
  max_output_tokens: z.number().int().min(16).nullish(),
  stream: z.boolean().nullish(),
  store: z.boolean().nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  user: z.string().optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority']).nullish(),
  reasoning: z.looseObject({}).nullish(),
  truncation: z.enum(['auto', 'disabled']).nullish(),
});
type Request = z.infer<typeof request>;

/** `POST /v1/responses`: prose or `text.format` json_schema, whole or streamed. */
export function createResponse(call: Call): void {
  const asked = parsed(request, call.body, refusalOf);
  if (asked.model !== modelName) throw modelNotFound(asked.model);
  const output = asked.text?.format ?? { type: 'text' as const };
  if (output.type === 'json_schema' && output.strict !== false)
    checkStrict(`response_format '${output.name}'`, output.schema, 'text.format.schema');
  const schema = output.type === 'json_schema' ? { schema: output.schema as JsonSchema } : {};
  const limit = asked.max_output_tokens ? { limit: asked.max_output_tokens } : {};
  const given = answer({ text: textOf(asked), ...schema, ...limit }, call.fault);
  const content =
    given.kind === 'refusal'
      ? { type: 'refusal', refusal: given.text }
      : { type: 'output_text', text: given.text, annotations: [], logprobs: [] };
  const message = {
    id: call.id('msg_'),
    type: 'message',
    role: 'assistant',
    status: given.cut ? 'incomplete' : 'completed',
    content: [content],
  };
  const response = whole(call, asked, given, [message]);
  if (asked.stream) stream(call, response, message, given);
  else call.ctx.body = response;
}

function textOf(asked: Request): string {
  const items =
    typeof asked.input === 'string'
      ? [asked.input]
      : asked.input.map(({ content }) =>
          typeof content === 'string' ? content : content.map((one) => one.text).join('\n'),
        );
  return [asked.instructions ?? '', ...items].join('\n');
}

function whole(call: Call, asked: Request, given: Answer, output: object[]): Record<string, unknown> {
  return {
    id: call.id('resp_'),
    object: 'response',
    created_at: call.now_s,
    completed_at: given.cut ? null : call.now_s,
    status: given.cut ? 'incomplete' : 'completed',
    error: null,
    incomplete_details: given.cut ? { reason: 'max_output_tokens' } : null,
    instructions: asked.instructions ?? null,
    max_output_tokens: asked.max_output_tokens ?? null,
    model: modelName,
    output,
    parallel_tool_calls: true,
    previous_response_id: null,
    reasoning: { effort: null, summary: null },
    service_tier: 'default',
    store: asked.store ?? true,
    temperature: asked.temperature ?? 1,
    text: { format: asked.text?.format ?? { type: 'text' } },
    tool_choice: 'auto',
    tools: [],
    top_p: asked.top_p ?? 1,
    truncation: asked.truncation ?? 'disabled',
    usage: {
      input_tokens: given.inputTokens,
      input_tokens_details: { cached_tokens: 0, cache_write_tokens: 0 },
      output_tokens: given.outputTokens,
      output_tokens_details: { reasoning_tokens: 0 },
      total_tokens: given.inputTokens + given.outputTokens,
    },
    ...(asked.user === undefined ? {} : { user: asked.user }),
    metadata: asked.metadata ?? {},
  };
}

function stream(
  call: Call,
  response: Record<string, unknown>,
  message: { id: string; content: object[] },
  given: Answer,
): void {
  const refused = given.kind === 'refusal';
  const place = { item_id: message.id, output_index: 0, content_index: 0 };
  const begun = {
    ...response,
    status: 'in_progress',
    completed_at: null,
    incomplete_details: null,
    output: [],
    usage: null,
  };
  const empty = refused
    ? { type: 'refusal', refusal: '' }
    : { type: 'output_text', text: '', annotations: [], logprobs: [] };
  const delta = refused ? 'response.refusal' : 'response.output_text';
  const logprobs = refused ? {} : { logprobs: [] };
  const events = [
    { type: 'response.created', response: begun },
    { type: 'response.in_progress', response: begun },
    { type: 'response.output_item.added', output_index: 0, item: { ...message, status: 'in_progress', content: [] } },
    { type: 'response.content_part.added', ...place, part: empty },
    ...pieces(given.text).map((text) => ({ type: `${delta}.delta`, ...place, delta: text, ...logprobs })),
    { type: `${delta}.done`, ...place, ...(refused ? { refusal: given.text } : { text: given.text, ...logprobs }) },
    { type: 'response.content_part.done', ...place, part: message.content[0] },
    { type: 'response.output_item.done', output_index: 0, item: message },
    { type: given.cut ? 'response.incomplete' : 'response.completed', response },
  ];
  sendEvents(
    call.ctx,
    events.map((event, sequence_number) => ({ event: event.type, data: { ...event, sequence_number } })),
  );
}
