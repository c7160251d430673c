import { z } from 'zod';
import { answer, modelName, type Answer } from './answer.ts';
import { parsed, pieces, sendEvents, type Call } from './call.ts';
import { badRequest, modelNotFound } from './openai-errors.ts';
import { openaiSchemaFault } from './schema-rules.ts';
import type { JsonSchema } from './schema.ts';

const schemaBody = z.record(z.string(), z.unknown());
const part = z.strictObject({ type: z.literal('text'), text: z.string() });
const message = z.looseObject({
  role: z.enum(['system', 'developer', 'user', 'assistant', 'tool']),
  content: z.union([z.string(), z.array(part)]).nullish(),
});
const functionTool = z.strictObject({
  type: z.literal('function'),
  function: z.strictObject({
    name: z.string(),
    description: z.string().optional(),
    parameters: schemaBody.optional(),
    strict: z.boolean().nullish(),
  }),
});
const request = z.strictObject({
  model: z.string(),
  messages: z.array(message).min(1),
  response_format: z
    .discriminatedUnion('type', [
      z.strictObject({ type: z.literal('text') }),
      z.strictObject({ type: z.literal('json_object') }),
      z.strictObject({
        type: z.literal('json_schema'),
        json_schema: z.strictObject({
          name: z.string().regex(/^[a-zA-Z0-9_-]{1,64}$/),
          description: z.string().optional(),
          schema: schemaBody,
          strict: z.boolean().nullish(),
        }),
      }),
    ])
    .optional(),
  tools: z.array(functionTool).optional(),
  tool_choice: z
    .union([
      z.enum(['none', 'auto', 'required']),
      z.strictObject({ type: z.literal('function'), function: z.strictObject({ name: z.string() }) }),
    ])
    .optional(),
  parallel_tool_calls: z.boolean().optional(),
  max_tokens: z.number().int().positive().nullish(),
  max_completion_tokens: z.number().int().positive().nullish(),
  stream: z.boolean().nullish(),
  stream_options: z
    .strictObject({ include_usage: z.boolean().optional(), include_obfuscation: z.boolean().optional() })
    .nullish(),
  n: z.literal(1).nullish(),
  temperature: z.number().min(0).max(2).nullish(),
  top_p: z.number().min(0).max(1).nullish(),
  seed: z.number().int().nullish(),
  metadata: z.record(z.string(), z.string()).nullish(),
  store: z.boolean().nullish(),
  user: z.string().optional(),
  safety_identifier: z.string().optional(),
  prompt_cache_key: z.string().optional(),
  service_tier: z.enum(['auto', 'default', 'flex', 'priority']).nullish(),
  reasoning_effort: z.enum(['none', 'minimal', 'low', 'medium', 'high', 'xhigh']).nullish(),
  verbosity: z.enum(['low', 'medium', 'high']).nullish(),
});
type Request = z.infer<typeof request>;

/** `POST /v1/chat/completions`: prose, `json_object`, strict `json_schema`, forced function calls, streaming. */
export function chatCompletion(call: Call): void {
  const asked = parsed(request, call.body, refusalOf);
  if (asked.model !== modelName) throw modelNotFound(asked.model);
  const tool = forcedTool(asked);
  const schema = tool ? tool.function.parameters : outputSchema(asked);
  const limit = asked.max_completion_tokens ?? asked.max_tokens ?? undefined;
  const text = asked.messages
    .map(({ content }) => (typeof content === 'string' ? content : (content ?? []).map((one) => one.text).join('\n')))
    .join('\n');
  const given = answer({ text, ...(schema ? { schema } : {}), ...(limit === undefined ? {} : { limit }) }, call.fault);
  const base = { id: call.id('chatcmpl-'), created: call.now_s, model: modelName, service_tier: 'default' };
  const finish = given.cut ? 'length' : 'stop';
  const reply = tool && given.kind === 'text' ? toolReply(call, tool.function.name, given.text) : textReply(given);
  if (asked.stream) return stream(call, asked, base, reply, finish, given);
  call.ctx.body = {
    ...base,
    object: 'chat.completion',
    choices: [{ index: 0, message: { role: 'assistant', ...reply }, logprobs: null, finish_reason: finish }],
    usage: usage(given),
  };
}

type Reply = { content: string | null; refusal: string | null; annotations?: []; tool_calls?: ToolCall[] };
interface ToolCall {
  id: string;
  type: 'function';
  function: { name: string; arguments: string };
}

function textReply(given: Answer): Reply {
  if (given.kind === 'refusal') return { content: null, refusal: given.text, annotations: [] };
  return { content: given.text, refusal: null, annotations: [] };
}

function toolReply(call: Call, name: string, text: string): Reply {
  return {
    content: null,
    refusal: null,
    annotations: [],
    tool_calls: [{ id: call.id('call_'), type: 'function', function: { name, arguments: text } }],
  };
}

function stream(call: Call, asked: Request, base: object, reply: Reply, finish: string, given: Answer): void {
  const chunk = (delta: unknown, finish_reason: string | null): { data: unknown } => ({
    data: { ...base, object: 'chat.completion.chunk', choices: [{ index: 0, delta, logprobs: null, finish_reason }] },
  });
  const called = reply.tool_calls?.[0];
  const start = called ? [{ index: 0, ...called, function: { name: called.function.name, arguments: '' } }] : undefined;
  const deltas = called
    ? pieces(called.function.arguments).map((text) => ({ tool_calls: [{ index: 0, function: { arguments: text } }] }))
    : pieces(given.text).map((text) => (given.kind === 'refusal' ? { refusal: text } : { content: text }));
  const total = asked.stream_options?.include_usage
    ? [{ data: { ...base, object: 'chat.completion.chunk', choices: [], usage: usage(given) } }]
    : [];
  const first = chunk(
    { role: 'assistant', content: called ? null : '', refusal: null, ...(start ? { tool_calls: start } : {}) },
    null,
  );
  sendEvents(
    call.ctx,
    [first, ...deltas.map((delta) => chunk(delta, null)), chunk({}, finish), ...total],
    'data: [DONE]\n\n',
  );
}

function forcedTool(asked: Request): z.infer<typeof functionTool> | undefined {
  const choice = asked.tool_choice;
  if (choice === undefined || choice === 'auto' || choice === 'none') return undefined;
  const tool = asked.tools?.find((one) => choice === 'required' || one.function.name === choice.function.name);
  if (!tool) throw badRequest("Invalid value for 'tool_choice': no such function in 'tools'.", 'tool_choice');
  if (tool.function.strict)
    checkStrict(
      `function '${tool.function.name}'`,
      tool.function.parameters ?? {},
      'tools[0].function.parameters',
      'invalid_function_parameters',
    );
  return tool;
}

function outputSchema(asked: Request): JsonSchema | undefined {
  const format = asked.response_format;
  if (format?.type === 'json_object') {
    if (!/json/i.test(JSON.stringify(asked.messages))) {
      throw badRequest(
        "'messages' must contain the word 'json' in some form, to use 'response_format' of type 'json_object'.",
        'messages',
      );
    }
    return { type: 'object', properties: { summary: { type: 'string' }, source: { type: 'string' } } };
  }
  if (format?.type !== 'json_schema') return undefined;
  if (format.json_schema.strict)
    checkStrict(`response_format '${format.json_schema.name}'`, format.json_schema.schema, 'response_format');
  return format.json_schema.schema;
}

/** OpenAI docs: structured outputs, errors for a schema outside the supported subset. */
export function checkStrict(what: string, schema: unknown, param: string, code = 'invalid_json_schema'): void {
  const fault = openaiSchemaFault(schema as JsonSchema);
  if (!fault) return;
  const context = `(${fault.path.map((step) => `'${step}'`).join(', ')}${fault.path.length === 1 ? ',' : ''})`;
  const place = fault.path.length === 0 && fault.problem.startsWith('schema') ? '' : `In context=${context}, `;
  throw badRequest(`Invalid schema for ${what}: ${place}${fault.problem}`, param, code);
}

export function refusalOf(issue: z.core.$ZodIssue): ReturnType<typeof badRequest> {
  if (issue.code === 'unrecognized_keys') {
    const name = [...issue.path, issue.keys[0]].join('.');
    return badRequest(`Unknown parameter: '${name}'.`, name, 'unknown_parameter');
  }
  const param = issue.path.join('.');
  if (issue.input === undefined)
    return badRequest(`Missing required parameter: '${param}'.`, param, 'missing_required_parameter');
  return badRequest(`Invalid value for '${param}': ${issue.message}.`, param, 'invalid_value');
}

function usage({ inputTokens, outputTokens }: Answer): unknown {
  return {
    prompt_tokens: inputTokens,
    completion_tokens: outputTokens,
    total_tokens: inputTokens + outputTokens,
    prompt_tokens_details: { cached_tokens: 0, audio_tokens: 0 },
    completion_tokens_details: {
      reasoning_tokens: 0,
      audio_tokens: 0,
      accepted_prediction_tokens: 0,
      rejected_prediction_tokens: 0,
    },
  };
}
