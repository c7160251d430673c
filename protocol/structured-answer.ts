import { z } from 'zod';
import { Rejected } from './errors.ts';
import { promptOf } from './model-prompt.ts';
import type { ModelAnswer, ModelRequest } from './model.ts';

export interface ModelTurn {
  role: 'user' | 'assistant';
  text: string;
}

/** What a vendor answered to one call, in the one form that all connectors of models give it. */
export interface ModelReply {
  text: string;
  /** The vendor's words for declining, else null. */
  refusal: string | null;
  /** The answer ended at `maxOutputTokens`. */
  cut: boolean;
  inputTokens: number;
  outputTokens: number;
}

/**
 * Asks a model until its answer fits the request's schema: once, and once more with the faults named. Throws Rejected, code
 * `model_refusal` or `model_nonsense`, and what `ask` throws.
 */
export async function structuredAnswer<T>(
  label: string,
  request: ModelRequest<T>,
  ask: (system: string, turns: readonly ModelTurn[]) => Promise<ModelReply>,
): Promise<ModelAnswer<T>> {
  const { system, user } = promptOf(request);
  const turns: ModelTurn[] = [{ role: 'user', text: user }];
  const spent = { inputTokens: 0, outputTokens: 0 };
  let faults = '';
  for (let attempt = 1; attempt <= 2; attempt++) {
    const reply = await ask(system, turns);
    spent.inputTokens += reply.inputTokens;
    spent.outputTokens += reply.outputTokens;
    if (reply.refusal !== null) throw refused(label, reply.refusal);
    const read = readAnswer(request.schema, reply, request.maxOutputTokens);
    if ('value' in read) return { value: read.value, ...spent };
    faults = read.faults;
    turns.push({ role: 'assistant', text: reply.text.trim() || '(nothing)' }, { role: 'user', text: repair(faults) });
  }
  throw new Rejected(`${label} twice gave an answer that cannot be used: ${firstLine(faults)}`, {
    code: 'model_nonsense',
    remedy: 'Start it again; if it happens every time, an admin must choose another model.',
  });
}

function readAnswer<T>(
  schema: z.ZodType<T>,
  reply: ModelReply,
  maxOutputTokens: number,
): { value: T } | { faults: string } {
  if (reply.cut) return { faults: `It was cut off at ${maxOutputTokens} tokens: answer more briefly.` };
  let json: unknown;
  try {
    json = JSON.parse(reply.text);
  } catch (error) {
    return { faults: `It is not JSON: ${(error as Error).message}` };
  }
  const checked = schema.safeParse(json);
  return checked.success ? { value: checked.data } : { faults: z.prettifyError(checked.error).slice(0, 2_000) };
}

function repair(faults: string): string {
  return `Your answer cannot be used:\n${faults}\nAnswer again with one JSON object of the given schema and nothing else.`;
}

function refused(label: string, words: string): Rejected {
  return new Rejected(`${label} declined to answer: ${firstLine(words)}`, {
    code: 'model_refusal',
    remedy: 'Look at what the pages of this company say; an admin may choose another model.',
  });
}

function firstLine(text: string): string {
  return (text.split('\n')[0] ?? '').slice(0, 200);
}
