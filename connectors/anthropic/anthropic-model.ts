import Anthropic, { APIError } from '@anthropic-ai/sdk';
import { zodOutputFormat } from '@anthropic-ai/sdk/helpers/zod';
import { modelFailure } from '../../protocol/model-failure.ts';
import type { Model, ModelRequest } from '../../protocol/model.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { structuredAnswer, type ModelReply, type ModelTurn } from '../../protocol/structured-answer.ts';

export interface AnthropicOptions {
  apiKey: string;
  /** Without the version, e.g. `https://api.anthropic.com`. */
  baseUrl?: string;
  model: string;
  label: string;
  clock: Clock;
  /** Of one call; 60 s without it. */
  timeout_ms?: number;
}

/** Anthropic docs: messages, structured outputs. The SDK's own retries are off: who calls decides when to try again. */
export function anthropicModel(options: AnthropicOptions): Model {
  const client = new Anthropic({
    apiKey: options.apiKey,
    authToken: null,
    baseURL: options.baseUrl ?? 'https://api.anthropic.com',
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
  client: Anthropic,
  { model, clock }: AnthropicOptions,
  request: ModelRequest<T>,
  system: string,
  turns: readonly ModelTurn[],
): Promise<ModelReply> {
  try {
    const answer = await client.messages.create(
      {
        model,
        max_tokens: request.maxOutputTokens,
        system,
        messages: turns.map(({ role, text }) => ({ role, content: text })),
        output_config: { format: zodOutputFormat(request.schema) },
      },
      { signal: request.signal },
    );
    const { content, stop_reason, stop_details, usage } = answer;
    const cached = (usage.cache_read_input_tokens ?? 0) + (usage.cache_creation_input_tokens ?? 0);
    return {
      text: content.map((block) => (block.type === 'text' ? block.text : '')).join(''),
      refusal: stop_reason === 'refusal' ? (stop_details?.explanation ?? 'it gave no reason') : null,
      cut: stop_reason === 'max_tokens',
      inputTokens: usage.input_tokens + cached,
      outputTokens: usage.output_tokens,
    };
  } catch (error) {
    request.signal.throwIfAborted();
    if (!(error instanceof APIError)) throw error;
    const { status, headers, type, message } = error;
    const retryAfter = headers?.get('retry-after') ?? null;
    throw modelFailure({ vendor: 'Anthropic', status, retryAfter, code: type, message }, clock.now_ms(), error);
  }
}
