import { z } from 'zod';
import type { SocialFigures, SocialGap, SocialSource } from '../../protocol/job.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { findHandle, isOn, type FoundHandle, type HandleSources } from './find-handle.ts';

/** The version of Meta's Graph API that this connector is written for. */
const version = 'v25.0';
const network = 'instagram';
const timeout_ms = 10_000;

export interface InstagramOptions extends HandleSources {
  /** Of the asker's own professional account; needs instagram_basic, instagram_manage_insights, pages_read_engagement. */
  accessToken: string;
  /** The asker's own Instagram user id, through which others are discovered. */
  userId: string;
  /** e.g. `https://graph.facebook.com` */
  baseUrl: string;
  clock: Clock;
  fetch?: typeof globalThis.fetch;
}

const discovered = z.looseObject({
  business_discovery: z.looseObject({
    username: z.string(),
    website: z.string().optional(),
    followers_count: z.int().nonnegative(),
    media_count: z.int().nonnegative().optional(),
  }),
});
const graphError = z.looseObject({
  error: z.looseObject({ message: z.string(), code: z.int().optional(), error_user_msg: z.string().optional() }),
});

/**
 * Followers and posts of another company's Instagram account by Meta's business discovery (Meta docs: IG User business_discovery), which
 * shows professional accounts only. What cannot be had is `unavailable` with the reason; only an aborted signal throws.
 */
export function instagram(options: InstagramOptions): SocialSource {
  return {
    network,
    async figures(company, signal) {
      try {
        const found = await findHandle(company, options, signal);
        return found
          ? await discover(options, found, company.domain, signal)
          : unavailable('No account was found.', 'not_theirs');
      } catch (error) {
        signal.throwIfAborted();
        return unavailable(`The account could not be looked up: ${(error as Error).message}.`);
      }
    },
  };
}

async function discover(
  { accessToken, userId, baseUrl, clock, fetch = globalThis.fetch }: InstagramOptions,
  { handle, namedBySite }: FoundHandle,
  domain: string | null,
  signal: AbortSignal,
): Promise<SocialFigures> {
  const url = new URL(`/${version}/${encodeURIComponent(userId)}`, baseUrl);
  url.searchParams.set(
    'fields',
    `business_discovery.username(${handle}){username,website,followers_count,media_count}`,
  );
  const response = await fetch(url, {
    headers: { authorization: `Bearer ${accessToken}` },
    redirect: 'error',
    signal: AbortSignal.any([signal, AbortSignal.timeout(timeout_ms)]),
  });
  const body: unknown = await response.json();
  if (!response.ok) return reasonOf(body, handle, response.status);
  const account = discovered.parse(body).business_discovery;
  // Anybody may take a name: an account that only a search found must itself point to the company.
  const isTheirs = namedBySite || (domain !== null && account.website !== undefined && isOn(account.website, domain));
  if (!isTheirs)
    return unavailable(
      `No account was found that is surely the company’s (@${handle} may be another’s).`,
      'not_theirs',
    );
  return {
    network,
    status: 'available',
    handle: account.username,
    followers: account.followers_count,
    posts: account.media_count ?? null,
    source: `https://www.instagram.com/${account.username}/`,
    readAt_ms: clock.now_ms(),
  };
}

/** Meta docs: Graph API error handling. 110 answers for personal accounts too, 190 for a token that ended, 4/17/32/613 for limits. */
function reasonOf(body: unknown, handle: string, status: number): SocialFigures {
  const parsed = graphError.safeParse(body);
  if (!parsed.success) return unavailable(`Instagram answered ${status} without a reason.`);
  const { message, code, error_user_msg } = parsed.data.error;
  const said = `Instagram says: ${error_user_msg ?? message}`;
  if (code === 110)
    return unavailable(`@${handle} is no professional account, or does not exist. ${said}`, 'not_professional');
  if (code === 190) return unavailable(`An admin must connect Instagram again. ${said}`, 'reconnect');
  if (code === 4 || code === 17 || code === 32 || code === 613)
    return unavailable(`The limit of requests is used up for now. ${said}`, 'limited');
  return unavailable(said);
}

function unavailable(reason: string, code?: SocialGap): SocialFigures {
  return { network, status: 'unavailable', reason, ...(code && { code }) };
}
