import type Koa from 'koa';
import { validationError } from './errors.ts';
import { instant } from './property-values.ts';

/** The `BatchResponse…` schemas: 207 with `numErrors` and `errors` when part of a batch failed, else the status of success. */
export function answerBatch(
  ctx: Koa.Context,
  at_ms: number,
  success: number,
  results: readonly unknown[],
  errors: readonly unknown[] = [],
): void {
  ctx.status = errors.length > 0 ? 207 : success;
  ctx.body = {
    status: 'COMPLETE',
    results,
    ...(errors.length > 0 && { numErrors: errors.length, errors }),
    startedAt: instant(at_ms),
    completedAt: instant(at_ms),
  };
}

/** 400 for a batch of more inputs than HubSpot takes. */
export function atMost(limit: number, inputs: readonly unknown[]): void {
  if (inputs.length <= limit) return;
  throw validationError(`The maximum number of inputs supported in a batch request is ${limit}; got ${inputs.length}`);
}
