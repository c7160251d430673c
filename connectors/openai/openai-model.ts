import OpenAI, { APIError } from 'openai';
import { zodResponseFormat } from 'openai/helpers/zod';
import { modelFailure } from '../../protocol/model-failure.ts';
import type { Model, ModelRequest } from '../../protocol/model.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { structuredAnswer, type ModelReply, type ModelTurn } from '../../protocol/structured-answer.ts';

export interface OpenaiOptions {
  apiKey: string;
  /** With the version, e.g. `https://api.openai.com/v1`; any server that speaks chat completions with `json_schema`. */
  baseUrl?: string;
  model: string;
  label: string;
  clock: Clock;
  /** Of one call; 60 s without it. */
  timeout_ms?: number;
}

/** OpenAI docs: chat completions, structured outputs. The SDK's own retries are off: who calls decides when to try again. */
export function openaiModel(options: OpenaiOptions): Model {
  const client = new OpenAI({
    apiKey: options.apiKey,
    baseURL: options.baseUrl ?? 'https://api.openai.com/v1',
    organization: null,
    project: null,
    maxRetries: 0,
    timeout: options.timeout_ms ?? 60_000,
  });
  return {
    label: options.label,
    complete: (request) =>
      structuredAnswer(options.label, request, (system, turns) => ask(client, options, request, system, turns)),
  };
}

async function ask<T>(
  client: OpenAI,
  { model, clock }: OpenaiOptions,
  request: ModelRequest<T>,
  system: string,
  turns: readonly ModelTurn[],
): Promise<ModelReply> {
  try {
    const { choices, usage } = await client.chat.completions.create(
      {
        model,
        messages: [{ role: 'system', content: system }, ...turns.map(({ role, text }) => ({ role, content: text }))],
        response_format: zodResponseFormat(request.schema, request.name),
        max_completion_tokens: request.maxOutputTokens,
      },
      { signal: request.signal },
    );
    const [choice] = choices;
    const filtered = choice?.finish_reason === 'content_filter' ? 'its content filter stopped the answer' : null;
    return {
      text: choice?.message.content ?? '',
      refusal: choice?.message.refusal ?? filtered,
      cut: choice?.finish_reason === 'length',
      inputTokens: usage?.prompt_tokens ?? 0,
      outputTokens: usage?.completion_tokens ?? 0,
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (!(error instanceof APIError)) throw error;
    const { status, headers, code = null, message } = error;
    const retryAfter = headers?.get('retry-after') ?? null;
    throw modelFailure({ vendor: 'OpenAI', status, retryAfter, code, message }, clock.now_ms(), error);
  }
}
