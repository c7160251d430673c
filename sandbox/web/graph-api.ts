import type { Context } from 'koa';
import type { VendorContext } from '../kit/vendor.ts';
import { social } from './accounts.ts';
import type { Firm } from './firms.ts';
import { FieldSyntaxError, parseFields, type WantedField } from './graph-fields.ts';
import type { PublicWeb } from './public-web.ts';

/** A refusal as the Graph API says it: an OAuthException with a code, and for some a subcode and words for the user. */
class GraphError extends Error {
  readonly status: number;
  readonly code: number;
  readonly more: object;

  constructor(message: string, code: number, more: object = {}, status = 400) {
    super(message);
    this.status = status;
    this.code = code;
    this.more = more;
  }
}

const profileFields = [
  'id',
  'ig_id',
  'username',
  'name',
  'biography',
  'website',
  'followers_count',
  'follows_count',
  'media_count',
] as const;
const mediaFields = [
  'id',
  'caption',
  'like_count',
  'comments_count',
  'timestamp',
  'media_type',
  'media_product_type',
  'permalink',
  'username',
] as const;
const posts = 12;
const pagePermission =
  "(#10) This endpoint requires the 'pages_read_engagement' permission or the 'Page Public Content Access' feature. Refer to https://developers.facebook.com/docs/apps/review/login-permissions#manage-pages and https://developers.facebook.com/docs/apps/review/feature#reference-PAGES_ACCESS for details.";

/**
 * `GET /v25.0/{id}`: Instagram business discovery through the asker's own account, with field expansion; any Facebook Page answers
 * error 10, because the sandbox's app has no Page Public Content Access. Only professional accounts can be discovered; others are
 * error 110. TikTok's Display API shows nobody but who consents, so it has no endpoint here. Token: `sandbox`.
 * Meta docs: IG User business_discovery; Graph API error handling. Fault: `graph.throttled` (error 4).
 */
export function graphApi(web: PublicWeb, context: VendorContext): (ctx: Context) => void {
  return (ctx) => {
    ctx.set('facebook-api-version', 'v25.0');
    ctx.set('x-app-usage', '{"call_count":1,"total_cputime":0,"total_time":1}');
    try {
      ctx.body = answer(web, context, ctx);
    } catch (error) {
      if (!(error instanceof GraphError)) throw error;
      ctx.status = error.status;
      ctx.body = {
        error: {
          message: error.message,
          type: 'OAuthException',
          code: error.code,
          ...error.more,
          fbtrace_id: `A${context.storage.next('fbtrace')}`,
        },
      };
    }
  };
}

function answer(web: PublicWeb, context: VendorContext, ctx: Context): unknown {
  if (context.faults.take('graph.throttled'))
    throw new GraphError('(#4) Application request limit reached', 4, { is_transient: true }, 403);
  const { fields = '', access_token, ...rest } = ctx.query as Record<string, string | undefined>;
  const token = access_token ?? ctx.get('authorization').replace(/^Bearer /i, '');
  if (token === '') throw new GraphError('An access token is required to request this resource.', 104);
  if (token !== social.accessToken)
    throw new GraphError('Invalid OAuth access token - Cannot parse access token', 190, {}, 401);
  const unknown = Object.keys(rest)[0];
  if (unknown !== undefined) throw new GraphError(`(#100) Unknown parameter: ${unknown}`, 100);
  const id = String((ctx as unknown as { params: Record<string, string> }).params['id']);
  if (id !== social.instagramUserId) return facebookPage(web, id);
  const wanted = fields === '' ? [] : parsed(fields);
  const own = wanted.map((field) =>
    field.name === 'business_discovery'
      ? ['business_discovery', discovery(web, context, field)]
      : [field.name, ownValue(field.name)],
  );
  return { ...(Object.fromEntries(own) as object), id };
}

function facebookPage(web: PublicWeb, id: string): never {
  const exists = /^\d{5,}$/.test(id) || [...web.firms.values()].some((firm) => firm.handle === id);
  if (exists) throw new GraphError(pagePermission, 10);
  throw new GraphError(`(#803) Some of the aliases you requested do not exist: ${id}`, 803, {}, 404);
}

function discovery(web: PublicWeb, context: VendorContext, field: WantedField): unknown {
  const username = field.modifiers['username'];
  if (username === undefined) throw new GraphError('(#100) The parameter username is required', 100);
  const firm = [...web.firms.values()].find((one) => one.handle === username && one.isProfessional);
  if (!firm) {
    const words = {
      error_user_title: 'Cannot find User',
      error_user_msg: `Cannot find User with username: ${username}`,
    };
    throw new GraphError('Invalid user id', 110, { error_subcode: 2207013, is_transient: false, ...words });
  }
  const entries = field.fields.map((one) => [
    one.name,
    one.name === 'media'
      ? media(firm, context.clock.now_ms(), one)
      : pick(profileFields, profile(firm), one.name, 'IGUser'),
  ]);
  return { ...(Object.fromEntries(entries) as object), id: accountId(firm) };
}

function profile(firm: Firm): Record<(typeof profileFields)[number], unknown> {
  return {
    id: accountId(firm),
    ig_id: firm.followers * 7919,
    username: firm.handle,
    name: firm.name,
    biography: `${firm.name} ${firm.does}. ${firm.city}`,
    website: `http://${firm.domain}/`,
    followers_count: firm.followers,
    follows_count: firm.employees % 700,
    media_count: posts,
  };
}

function media(firm: Firm, now_ms: number, field: WantedField): unknown {
  const limit = Number(field.modifiers['limit'] ?? 25);
  const data = Array.from({ length: Math.min(posts, limit) }, (_, index) => {
    const post = onePost(firm, now_ms, index);
    const entries = field.fields.map((one) => [one.name, pick(mediaFields, post, one.name, 'IGMedia')]);
    return { ...(Object.fromEntries(entries) as object), id: post.id };
  });
  return { data, paging: { cursors: { after: Buffer.from(String(data.length)).toString('base64') } } };
}

/** Posts lie three days apart; their likes are near two per cent of the followers. */
function onePost(firm: Firm, now_ms: number, index: number): Record<(typeof mediaFields)[number], unknown> {
  const wave = 1 + ((firm.founded + index * 7) % 11) / 5;
  const like_count = Math.round(firm.followers * 0.01 * wave);
  const day_ms = Math.floor(now_ms / 86_400_000) * 86_400_000 - index * 3 * 86_400_000;
  return {
    id: `179${String(firm.followers * 1000 + index).padStart(14, '0')}`,
    caption:
      index % 2 === 0
        ? `${firm.products[index % 4 === 0 ? 0 : 1]} in use. #${firm.handle}`
        : (firm.news[index % 3]?.text ?? ''),
    like_count,
    comments_count: Math.round(like_count / 23),
    timestamp: new Date(day_ms).toISOString().replace('.000Z', '+0000'),
    media_type: 'IMAGE',
    media_product_type: 'FEED',
    permalink: `https://www.instagram.com/p/${firm.handle}${index}/`,
    username: firm.handle,
  };
}

function ownValue(name: string): unknown {
  const own = {
    id: social.instagramUserId,
    username: social.username,
    followers_count: 1204,
    follows_count: 310,
    media_count: 88,
  };
  return pick(Object.keys(own) as (keyof typeof own)[], own, name, 'IGUser');
}

function pick<K extends string>(known: readonly K[], values: Record<K, unknown>, name: string, node: string): unknown {
  const found = known.find((one) => one === name);
  if (!found) throw new GraphError(`(#100) Tried accessing nonexisting field (${name}) on node type (${node})`, 100);
  return values[found];
}

function parsed(fields: string): WantedField[] {
  try {
    return parseFields(fields);
  } catch (error) {
    if (!(error instanceof FieldSyntaxError)) throw error;
    throw new GraphError(`Syntax error "${error.message}" at character ${error.at}: ${fields}`, 2500);
  }
}

function accountId(firm: Firm): string {
  return `178414${String(firm.followers * 7919).padStart(11, '0')}`;
}
