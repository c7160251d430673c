import type { Context } from 'koa';
import type { z } from 'zod';
import type { ModelFault } from './faults.ts';
import type { VendorError } from './vendor-error.ts';

/** One authenticated request, parsed, with the fault planted for it. */
export interface Call {
  ctx: Context;
  body: unknown;
  /** Ends in a number never given twice: `chatcmpl-12`. */
  id(prefix: string): string;
  now_s: number;
  fault: ModelFault | undefined;
}

/** The request's body as the schema says, or the vendor's own error for the first thing that is wrong. */
export function parsed<T>(schema: z.ZodType<T>, body: unknown, refusal: (issue: z.core.$ZodIssue) => VendorError): T {
  const result = schema.safeParse(body, { reportInput: true });
  if (result.success) return result.data;
  throw refusal(result.error.issues[0] as z.core.$ZodIssue);
}

/** Ends the call with server-sent events; the answer is whole before it is streamed. */
export function sendEvents(ctx: Context, events: { event?: string; data: unknown }[], last = ''): void {
  const lines = events.map(
    ({ event, data }) => `${event === undefined ? '' : `event: ${event}\n`}data: ${JSON.stringify(data)}\n\n`,
  );
  ctx.type = 'text/event-stream; charset=utf-8';
  ctx.set('cache-control', 'no-cache');
  ctx.body = lines.join('') + last;
}

/** The text in pieces as a stream gives them. */
export function pieces(text: string): string[] {
  return text.match(/[\s\S]{1,40}/gu) ?? [];
}
