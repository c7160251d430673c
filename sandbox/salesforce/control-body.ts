import type Koa from 'koa';
import { z } from 'zod';
import { ApiError } from './api-error.ts';

/** Reads the body by a schema; faults are 400 with what is wrong, since nobody but a developer calls these routes. */
export function reading<T>(schema: z.ZodType<T>, handler: (ctx: Koa.Context, body: T) => void): Koa.Middleware {
  return (ctx) => {
    try {
      const body = schema.safeParse(JSON.parse((ctx.state['raw'] as Buffer).toString('utf8') || '{}'));
      if (!body.success) throw new ApiError(400, 'INVALID_INPUT', z.prettifyError(body.error));
      handler(ctx, body.data);
    } catch (error) {
      const refusal = error instanceof SyntaxError ? new ApiError(400, 'JSON_PARSER_ERROR', error.message) : error;
      if (!(refusal instanceof ApiError)) throw error;
      ctx.status = refusal.status;
      ctx.body = refusal.items;
    }
  };
}
