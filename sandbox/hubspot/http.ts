import type Koa from 'koa';
import { z } from 'zod';
import type { Actor } from './actor.ts';
import { HubspotError, notFound, validationError } from './errors.ts';

/** Path versions that are answered: the current one and the one before. */
const versions = ['2026-09', '2026-03'] as const;

/** 404 for a path version that this stand-in does not have. */
export function checkVersion(version: string, _ctx: unknown, next: () => Promise<unknown>): Promise<unknown> {
  if (!(versions as readonly string[]).includes(version)) throw notFound();
  return next();
}

/** Who calls; set by the API's door. */
export function actorOf(ctx: { state: Koa.DefaultState }): Actor {
  return ctx.state['actor'] as Actor;
}

/** The JSON body, checked. Wrong type of content: 415. Unreadable, unknown or missing fields: 400 with what is wrong where. */
export function readBody<T>(ctx: Koa.Context, schema: z.ZodType<T>): T {
  if (!ctx.is('json')) {
    throw new HubspotError(415, 'VALIDATION_ERROR', 'Unsupported Media Type: send application/json');
  }
  let given: unknown;
  try {
    given = JSON.parse((ctx.state['raw'] as Buffer).toString('utf8'));
  } catch (error) {
    throw validationError(`Invalid input JSON on line 1, column 1: ${(error as Error).message}`);
  }
  return checked(schema, given);
}

/** The query, checked: unknown parameters are refused. Comma lists and repeated parameters are joined into arrays by `list`. */
export function readQuery<T>(ctx: Koa.Context, schema: z.ZodType<T>): T {
  return checked(schema, ctx.query);
}

export function checked<T>(schema: z.ZodType<T>, given: unknown): T {
  const parsed = schema.safeParse(given);
  if (parsed.success) return parsed.data;
  const errors = parsed.error.issues.map((issue) => {
    return { message: issue.message, in: issue.path.join('.'), code: issue.code.toUpperCase() };
  });
  const first = errors[0];
  throw validationError(`Invalid input JSON: ${first?.in ? `${first.in}: ` : ''}${first?.message}`, errors);
}

/** A parameter that may be repeated or comma-separated. */
export const list = z
  .union([z.string(), z.array(z.string())])
  .default([])
  .transform((given) => (Array.isArray(given) ? given : [given]).flatMap((one) => one.split(',')).filter(Boolean));

export const flag = z
  .enum(['true', 'false'])
  .optional()
  .transform((given) => given === 'true');

export const limitUpTo = (most: number, usual: number) => z.coerce.number().int().min(1).max(most).default(usual);
