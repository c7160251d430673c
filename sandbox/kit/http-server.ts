import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { Router } from '@koa/router';
import type Koa from 'koa';
import getRawBody from 'raw-body';
import { z } from 'zod';
import type { VendorContext } from './vendor.ts';

const faultSchema = z.strictObject({
  name: z.string(),
  times: z.number().int().positive().optional(),
  match: z.record(z.string(), z.string()).optional(),
  params: z.record(z.string(), z.unknown()).optional(),
});

/** Puts the request's bytes into `ctx.state.raw` (a Buffer; above the limit, which may be a route's own, the caller sees 413). */
export function rawBody(limit_bytes: number | ((ctx: Koa.Context) => number)): Koa.Middleware {
  return async (ctx, next) => {
    const limit = typeof limit_bytes === 'number' ? limit_bytes : limit_bytes(ctx);
    // A length that is too large is refused before anything is read.
    ctx.state['raw'] = await getRawBody(ctx.req, { limit, length: ctx.req.headers['content-length'] ?? null });
    await next();
  };
}

/** `POST /_sandbox/{clock,faults,reset}` steer time and faults of one vendor. No vendor has them; product code never calls them. */
export function steering(context: VendorContext, reseed: () => void): Router {
  const router = new Router({ prefix: '/_sandbox' });
  const read = <T>(ctx: Koa.Context, schema: z.ZodType<T>): T => {
    const checked = z
      .string()
      .transform((text) => JSON.parse(text || '{}') as unknown)
      .pipe(schema)
      .safeParse((ctx.state['raw'] as Buffer).toString('utf8'));
    return checked.success ? checked.data : ctx.throw(400, z.prettifyError(checked.error), { expose: true });
  };
  router.post('/clock', (ctx) => {
    const { advance_ms } = read(ctx, z.strictObject({ advance_ms: z.number() }));
    context.clock.advance(advance_ms);
    ctx.body = { now_ms: context.clock.now_ms() };
  });
  router.post('/faults', (ctx) => {
    const schema = z.strictObject({ clear: z.boolean().optional(), faults: z.array(faultSchema).optional() });
    const faults = read(ctx, schema);
    if (faults.clear) context.faults.clear();
    for (const fault of faults.faults ?? []) context.faults.arm(fault);
    ctx.body = { armed: context.faults.list() };
  });
  router.post('/reset', (ctx) => {
    context.faults.clear();
    context.clock.reset();
    context.storage.clear();
    reseed();
    ctx.body = { status: 'reset' };
  });
  return router;
}

/** Listens on the context's port; answers with the port and a stop that also ends open connections. */
export async function listen(
  app: Koa,
  context: Pick<VendorContext, 'port' | 'host'>,
): Promise<{ server: Server; port: number; stop(): Promise<void> }> {
  const handle = app.callback();
  const server = createServer((request, response) => void handle(request, response));
  await new Promise<void>((resolve, reject) => {
    server.once('error', reject);
    server.listen(context.port, context.host, resolve);
  });
  const { port } = server.address() as AddressInfo;
  const stop = (): Promise<void> =>
    new Promise((resolve) => {
      server.close(() => resolve());
      server.closeAllConnections();
    });
  return { server, port, stop };
}
