import { z } from 'zod';
import { embeddingModelName, modelName, tokens } from './answer.ts';
import { parsed, type Call } from './call.ts';
import { refusalOf } from './openai-chat.ts';
import { modelNotFound } from './openai-errors.ts';

const request = z.strictObject({
  model: z.string(),
  input: z.union([z.string().min(1), z.array(z.string().min(1)).min(1).max(2048)]),
  encoding_format: z.enum(['float', 'base64']).optional(),
  dimensions: z.number().int().min(8).max(3072).optional(),
  user: z.string().optional(),
});

/** `POST /v1/embeddings`: 256 dimensions unless told. */
export function embed(call: Call): void {
  const asked = parsed(request, call.body, refusalOf);
  if (asked.model !== embeddingModelName && asked.model !== modelName) throw modelNotFound(asked.model);
  const inputs = typeof asked.input === 'string' ? [asked.input] : asked.input;
  const used = inputs.reduce((sum, text) => sum + tokens(text), 0);
  const data = inputs.map((text, index) => {
    const vector = hashedVector(text, asked.dimensions ?? 256);
    const embedding = asked.encoding_format === 'base64' ? Buffer.from(vector.buffer).toString('base64') : [...vector];
    return { object: 'embedding', index, embedding };
  });
  call.ctx.body = { object: 'list', model: asked.model, data, usage: { prompt_tokens: used, total_tokens: used } };
}

/** A text as a unit vector: each word and each three letters of it fall on one place. Texts that share words lie near each other. */
function hashedVector(text: string, dimensions: number): Float32Array {
  const vector = new Float32Array(dimensions);
  for (const word of text.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []) {
    add(vector, word, 1);
    for (let at = 0; at + 3 <= word.length; at += 1) add(vector, `#${word.slice(at, at + 3)}`, 0.3);
  }
  const length = Math.hypot(...vector) || 1;
  return vector.map((value) => value / length);
}

function add(vector: Float32Array, feature: string, weight: number): void {
  const hash = fnv1a(feature);
  const at = hash % vector.length;
  vector[at] = (vector[at] as number) + ((hash >>> 16) & 1 ? weight : -weight);
}

function fnv1a(text: string): number {
  let hash = 0x811c9dc5;
  for (const byte of Buffer.from(text)) hash = Math.imul(hash ^ byte, 0x01000193) >>> 0;
  return hash;
}
