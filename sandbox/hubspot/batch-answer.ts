import type Koa from 'koa';
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
