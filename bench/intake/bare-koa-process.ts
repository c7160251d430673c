import { createHmac, timingSafeEqual } from 'node:crypto';
import type { AddressInfo } from 'node:net';
import Koa from 'koa';
import getRawBody from 'raw-body';
import { clientSecret, publicUrl } from './accounts.ts';

/** The floor: Koa that reads the raw body, checks the same HMAC and answers. Nothing is parsed, nothing kept. */
const app = new Koa();
app.use(async (ctx) => {
  const body = await getRawBody(ctx.req, { limit: 1_000_000 });
  const expected = createHmac('sha256', clientSecret)
    .update(ctx.method + publicUrl + (ctx.req.url ?? ''))
    .update(body)
    .update(ctx.get('x-hubspot-request-timestamp'))
    .digest('base64');
  const given = Buffer.from(ctx.get('x-hubspot-signature-v3'));
  const same = given.length === expected.length && timingSafeEqual(given, Buffer.from(expected));
  ctx.status = same ? 200 : 401;
  ctx.body = { stored: 0 };
});
const server = app.listen(0, '127.0.0.1', () => {
  process.send?.({ ready: { port: (server.address() as AddressInfo).port, pid: process.pid } });
});
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
