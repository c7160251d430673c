import { extract, extractText } from './extract.ts';
import type { ModelFault } from './faults.ts';
import type { JsonSchema } from './schema.ts';

/** What the model is asked, whatever the vendor's form was. */
export interface Question {
  /** All words of system and user, in order. */
  text: string;
  /** The shape the answer must have; without it, the answer is prose. */
  schema?: JsonSchema;
  /** In tokens; the answer breaks off there. */
  limit?: number;
}

export interface Answer {
  kind: 'text' | 'refusal';
  text: string;
  cut: boolean;
  inputTokens: number;
  outputTokens: number;
}

export const modelName = 'sandbox-extractive';
export const embeddingModelName = 'sandbox-embedding';
const refusal = "I'm sorry, but I can't help with that request.";

/** The same question gives the same answer. */
export function answer(question: Question, fault?: ModelFault): Answer {
  const inputTokens = tokens(question.text);
  if (fault?.kind === 'refusal')
    return { kind: 'refusal', text: refusal, cut: false, inputTokens, outputTokens: tokens(refusal) };
  const whole = fault?.kind === 'nonsense' ? nonsense(fault) : sense(question);
  const text = question.limit === undefined ? whole : whole.slice(0, question.limit * 4);
  return { kind: 'text', text, cut: text.length < whole.length, inputTokens, outputTokens: tokens(text) };
}

/** About four characters a token, as both vendors estimate for English. */
export function tokens(text: string): number {
  return Math.ceil(text.length / 4);
}

function sense(question: Question): string {
  return question.schema ? JSON.stringify(extract(question.text, question.schema)) : extractText(question.text);
}

function nonsense(fault: ModelFault): string {
  return fault.params['kind'] === 'schema'
    ? '{"weather":["sunny",7],"note":{"unasked":true}}'
    : '{"summary": "It is a company that, {{{ ] and then';
}
