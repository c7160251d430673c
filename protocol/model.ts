import type { z } from 'zod';

export interface ModelRequest<T> {
  system: string;
  /** Text from outside is passed in `documents`, never in `system` or `instruction`. */
  instruction: string;
  documents: readonly ModelDocument[];
  schema: z.ZodType<T>;
  /** Short name of the schema, [a-z_]. */
  name: string;
  maxOutputTokens: number;
  signal: AbortSignal;
}

export interface ModelDocument {
  url: string;
  title: string;
  text: string;
}

export interface ModelAnswer<T> {
  value: T;
  inputTokens: number;
  outputTokens: number;
}

/**
 * A language model. The answer is checked against the schema; one repair is asked for, then Rejected (code
 * `model_nonsense` or `model_refusal`). A timeout or overload is RetryLater; a bad key Reconnect.
 */
export interface Model {
  /** Shown to people beside generated text, e.g. `Sandbox model (extractive)`. */
  label: string;
  complete<T>(request: ModelRequest<T>): Promise<ModelAnswer<T>>;
}
