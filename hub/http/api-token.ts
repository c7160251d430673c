import { createHash } from 'node:crypto';
import type Koa from 'koa';
import { Unverified } from '../../protocol/errors.ts';

/** Throws Unverified unless the request carries the operator's token. */
export async function checkApiToken(
  operator: { isApiToken(hash: string): Promise<boolean> },
  ctx: Koa.Context,
): Promise<void> {
  const token = /^Bearer (.+)$/i.exec(ctx.get('authorization'))?.[1] ?? '';
  const hash = createHash('sha256').update(token).digest('hex');
  if (!(await operator.isApiToken(hash)))
    throw new Unverified('The API token is missing or wrong.', 'Use the token in DATA_DIR/api-token.');
}
