import { z } from 'zod';
import { answer, modelName, type Answer } from './answer.ts';
import { anthropicError } from './anthropic-errors.ts';
import { parsed, pieces, sendEvents, type Call } from './call.ts';
import { anthropicSchemaFault } from './schema-rules.ts';
import type { JsonSchema } from './schema.ts';

const schemaBody = z.record(z.string(), z.unknown());
const cache = z.looseObject({ type: z.literal('ephemeral') }).nullish();
const textBlock = z.strictObject({
  type: z.literal('text'),
  text: z.string().min(1),
  cache_control: cache,
  citations: z.unknown().optional(),
});
const otherBlock = z.looseObject({ type: z.enum(['tool_use', 'tool_result', 'thinking']) });
const message = z.strictObject({
  role: z.enum(['user', 'assistant']),
  content: z.union([z.string().min(1), z.array(z.union([textBlock, otherBlock])).min(1)]),
});
const format = z.strictObject({ type: z.literal('json_schema'), schema: schemaBody });
const tool = z.strictObject({
  type: z.literal('custom').nullish(),
  name: z.string().regex(/^[a-zA-Z0-9_-]{1,128}$/),
  description: z.string().optional(),
  input_schema: schemaBody,
  strict: z.boolean().optional(),
  cache_control: cache,
});
const request = z.strictObject({
  model: z.string(),
  max_tokens: z.number().int().min(1),
  messages: z.array(message).min(1),
  system: z.union([z.string(), z.array(textBlock)]).optional(),
  output_config: z
    .strictObject({ effort: z.enum(['low', 'medium', 'high', 'xhigh', 'max']).nullish(), format: format.nullish() })
    .optional(),
  output_format: format.nullish(),
  tools: z.array(tool).optional(),
  tool_choice: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('auto'), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal('any'), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal('tool'), name: z.string(), disable_parallel_tool_use: z.boolean().optional() }),
      z.strictObject({ type: z.literal('none') }),
    ])
    .optional(),
  stream: z.boolean().optional(),
  temperature: z.number().min(0).max(1).optional(),
  top_p: z.number().min(0).max(1).optional(),
  top_k: z.number().int().min(0).optional(),
  stop_sequences: z.array(z.string()).optional(),
  metadata: z.strictObject({ user_id: z.string().nullish() }).optional(),
  service_tier: z.enum(['auto', 'standard_only']).optional(),
  thinking: z.looseObject({ type: z.enum(['enabled', 'disabled', 'adaptive']) }).optional(),
});
type Request = z.infer<typeof request>;

/** `POST /v1/messages`: prose, `output_config.format` json_schema, a tool forced by `tool_choice`, whole or streamed. */
export function createMessage(call: Call): void {
  const asked = parsed(request, call.body, refusalOf);
  if (asked.model !== modelName) throw anthropicError(404, `model: ${asked.model}`);
  const forced = forcedTool(asked);
  const schema = forced?.input_schema ?? outputSchema(asked);
  const given = answer({ text: textOf(asked), limit: asked.max_tokens, ...(schema ? { schema } : {}) }, call.fault);
  const blocks =
    given.kind === 'refusal'
      ? []
      : [forced ? toolBlock(call, forced.name, given) : { type: 'text', text: given.text, citations: null }];
  const reply = {
    id: call.id('msg_'),
    type: 'message',
    role: 'assistant',
    model: modelName,
    content: blocks,
    stop_reason: stopReason(given, forced !== undefined),
    stop_sequence: null,
    stop_details: given.kind === 'refusal' ? { type: 'refusal', category: null, explanation: given.text } : null,
    usage: usage(given),
  };
  if (asked.stream) stream(call, reply, given);
  else call.ctx.body = reply;
}

function stopReason(given: Answer, forced: boolean): string {
  if (given.kind === 'refusal') return 'refusal';
  if (given.cut) return 'max_tokens';
  return forced ? 'tool_use' : 'end_turn';
}

/** A tool's input is an object on the wire: broken JSON, as nonsense or a cut makes it, arrives as what could be read of it. */
function toolBlock(call: Call, name: string, given: Answer): Record<string, unknown> {
  let input: unknown = {};
  try {
    input = JSON.parse(given.text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  return { type: 'tool_use', id: call.id('toolu_'), name, input };
}

function stream(
  call: Call,
  reply: { content: Record<string, unknown>[]; stop_reason: string; stop_details: unknown; usage: object },
  given: Answer,
): void {
  const events: { type: string; [key: string]: unknown }[] = [
    {
      type: 'message_start',
      message: {
        ...reply,
        content: [],
        stop_reason: null,
        stop_details: null,
        usage: { ...reply.usage, output_tokens: 1 },
      },
    },
  ];
  for (const [index, block] of reply.content.entries()) {
    const isTool = block['type'] === 'tool_use';
    events.push({
      type: 'content_block_start',
      index,
      content_block: { ...block, ...(isTool ? { input: {} } : { text: '' }) },
    });
    for (const text of pieces(given.text)) {
      events.push({
        type: 'content_block_delta',
        index,
        delta: isTool ? { type: 'input_json_delta', partial_json: text } : { type: 'text_delta', text },
      });
    }
    events.push({ type: 'content_block_stop', index });
  }
  const delta = { stop_reason: reply.stop_reason, stop_sequence: null, stop_details: reply.stop_details };
  events.push({ type: 'message_delta', delta, usage: reply.usage }, { type: 'message_stop' });
  sendEvents(
    call.ctx,
    events.map((event) => ({ event: event.type, data: event })),
  );
}

function forcedTool(asked: Request): z.infer<typeof tool> | undefined {
  const choice = asked.tool_choice;
  if (choice?.type !== 'any' && choice?.type !== 'tool') return undefined;
  const found = asked.tools?.find((one) => choice.type === 'any' || one.name === choice.name);
  if (!found)
    throw anthropicError(
      400,
      `tool_choice: Tool '${choice.type === 'tool' ? choice.name : ''}' not found in provided tools`,
    );
  return found;
}

function outputSchema(asked: Request): JsonSchema | undefined {
  const schema = (asked.output_format ?? asked.output_config?.format)?.schema;
  if (!schema) return undefined;
  const fault = anthropicSchemaFault(schema);
  if (fault) throw anthropicError(400, `output_config.format.schema: ${fault.problem}`);
  return schema;
}

function textOf(asked: Request): string {
  const blocks = (content: string | { type: string; text?: unknown }[] | undefined): string =>
    typeof content === 'string'
      ? content
      : (content ?? []).map((block) => (block.type === 'text' ? String(block.text) : '')).join('\n');
  return [blocks(asked.system), ...asked.messages.map(({ content }) => blocks(content))].join('\n');
}

function refusalOf(issue: z.core.$ZodIssue): ReturnType<typeof anthropicError> {
  const place = issue.path.join('.');
  if (issue.code === 'unrecognized_keys')
    return anthropicError(400, `${[...issue.path, issue.keys[0]].join('.')}: Extra inputs are not permitted`);
  return anthropicError(400, issue.input === undefined ? `${place}: Field required` : `${place}: ${issue.message}`);
}

function usage({ inputTokens, outputTokens }: Answer): object {
  return {
    input_tokens: inputTokens,
    output_tokens: outputTokens,
    cache_creation_input_tokens: 0,
    cache_read_input_tokens: 0,
    cache_creation: { ephemeral_5m_input_tokens: 0, ephemeral_1h_input_tokens: 0 },
    server_tool_use: null,
    service_tier: 'standard',
  };
}
