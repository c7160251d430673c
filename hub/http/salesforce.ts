import type Koa from 'koa';
import { z } from 'zod';
import { Invalid, Unverified } from '../../protocol/errors.ts';
import { readDealView } from '../view/read-deal-view.ts';
import { jsonBody } from './json-body.ts';
import { startResearch, type ResearchDeps } from './research.ts';
import type { Route } from './route.ts';
import { equal, type SealedTokens } from './sealed-token.ts';

const bodyLimit_bytes = 64_000;
const tokenLife_ms = 15 * 60_000;
const recordId = z.string().regex(/^006[A-Za-z0-9]{15}$/, 'an Opportunity id has 18 characters and begins with 006');
const userId = z.string().regex(/^005[A-Za-z0-9]{15}$/, 'a user id has 18 characters and begins with 005');
const click = z.strictObject({ recordId, userId, clickId: z.uuid() });

/**
 * What the package's Apex calls. An org's External Credential gets a token for its org id and component secret (OAuth client
 * credentials); the token names the org, so that a record id of another org finds nothing.
 */
export function salesforceRoutes(deps: ResearchDeps & { tokens: SealedTokens }): Route[] {
  const orgOf = (ctx: Koa.Context): string => {
    const org = deps.tokens.open(ctx.get('authorization').replace(/^Bearer /i, ''), deps.clock.now_ms());
    if (org === undefined)
      throw new Unverified(
        'The token is missing, not ours or expired.',
        'Get a new token from /salesforce/oauth/token.',
      );
    return org;
  };
  return [
    {
      method: 'POST',
      path: '/salesforce/oauth/token',
      policy: 'client-credentials',
      bodyLimit_bytes,
      handle: (ctx, body) => grantToken(deps, ctx, body),
    },
    {
      method: 'GET',
      path: '/salesforce/deal',
      policy: 'component-token',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        const org = orgOf(ctx);
        const asked = z.object({ recordId, userId }).safeParse(ctx.query);
        if (!asked.success)
          throw new Invalid(z.prettifyError(asked.error), 'Send the Opportunity’s and the user’s 18-character ids.');
        const at = await deps.store.route('salesforce', org);
        ctx.body = at ? await readDealView(deps, at, asked.data.recordId) : { status: 'not_connected' };
      },
    },
    {
      method: 'POST',
      path: '/salesforce/research',
      policy: 'component-token',
      bodyLimit_bytes,
      handle: async (ctx, body) => {
        const org = orgOf(ctx);
        const asked = jsonBody(body, click);
        const at = await deps.store.route('salesforce', org);
        ctx.body = at
          ? await startResearch(deps, at, asked.recordId, { click: asked.clickId, userId: asked.userId })
          : { status: 'not_connected' };
      },
    },
  ];
}

/** OAuth 2.0 client credentials (RFC 6749, 4.4), client id and secret by HTTP Basic or in the form. */
async function grantToken(
  deps: ResearchDeps & { tokens: SealedTokens },
  ctx: Koa.Context,
  body: Buffer,
): Promise<void> {
  const form = new URLSearchParams(body.toString('utf8'));
  const [id, secret] = basicCredentials(ctx) ?? [form.get('client_id') ?? '', form.get('client_secret') ?? ''];
  if (form.get('grant_type') !== 'client_credentials') {
    ctx.status = 400;
    ctx.body = { error: 'unsupported_grant_type' };
    return;
  }
  const at = await deps.store.route('salesforce', id);
  const expected = at && (await deps.store.tenant(at.tenantId, (tx) => tx.grant(at.installationId)))['componentSecret'];
  if (expected === undefined || !equal(secret, expected)) {
    ctx.status = 401;
    ctx.body = { error: 'invalid_client' };
    return;
  }
  ctx.body = {
    access_token: deps.tokens.issue(id, deps.clock.now_ms() + tokenLife_ms),
    token_type: 'Bearer',
    expires_in: tokenLife_ms / 1000,
  };
}

/** RFC 6749, 2.3.1: both parts form-encoded. Undefined without a Basic header; one that cannot be read is nobody's. */
function basicCredentials(ctx: Koa.Context): [string, string] | undefined {
  const basic = /^Basic (.+)$/i.exec(ctx.get('authorization'))?.[1];
  if (basic === undefined) return undefined;
  const [, id = '', secret = ''] = /^([^:]*):(.*)$/s.exec(Buffer.from(basic, 'base64').toString('utf8')) ?? [];
  try {
    return [decodeURIComponent(id), decodeURIComponent(secret)];
  } catch {
    return ['', ''];
  }
}
