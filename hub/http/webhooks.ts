import type Koa from 'koa';
import type { CrmConnector, RawRequest } from '../../protocol/crm-connector.ts';
import { Invalid, RetryLater, Unverified } from '../../protocol/errors.ts';
import type { Vendor } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { GatheredBell } from '../inbound/gathered-bell.ts';
import { mappedNames, receive, type ReceiveDeps } from '../inbound/receive.ts';
import type { Problems } from './problems.ts';
import type { Route } from './route.ts';

/** HubSpot sends at most 100 events a request; some hundred kilobytes. */
const largestBody_bytes = 1_000_000;

/**
 * `POST /webhooks/<vendor>` for each connector that has webhooks: verify the raw bytes, parse, store, answer.
 * 401 unverified; 413 too large; 200 for what is signed, also when it cannot be read (kept raw) or belongs to nobody;
 * 503 when it could not be stored, so that the vendor sends it again.
 */
export function webhookRoutes(
  deps: ReceiveDeps & { connectors: Readonly<Record<Vendor, CrmConnector>>; problems: Problems; clock: Clock },
): Route[] {
  const inbound: ReceiveDeps = {
    store: deps.store,
    mapper: deps.mapper,
    bell: new GatheredBell(deps.bell, deps.clock),
  };
  return Object.values(deps.connectors).flatMap((connector) => {
    const { vendor, webhooks } = connector;
    if (!webhooks) return [];
    const names = mappedNames(deps.mapper, vendor);
    const problem = (cause: Parameters<Problems['add']>[1], detail: string, remedy: string): void =>
      deps.problems.add(vendor, cause, detail, remedy, deps.clock.now_ms());

    const handle = async (ctx: Koa.Context, body: Buffer): Promise<void> => {
      try {
        webhooks.verify(rawRequest(ctx, body));
      } catch (error) {
        if (error instanceof Unverified) problem('unverified', error.message, error.remedy);
        throw error;
      }
      try {
        ctx.body = { stored: await store(body) };
      } catch (error) {
        if (error instanceof RetryLater)
          problem('database_down', error.message, 'Nothing to do if it is short: the vendor sends again.');
        throw error;
      }
    };
    /** How many events of the verified bytes are stored now. */
    const store = async (body: Buffer): Promise<number> => {
      let events: ReturnType<typeof webhooks.parse>;
      try {
        events = webhooks.parse(body);
      } catch (error) {
        if (!(error instanceof Invalid)) throw error;
        problem('unreadable', error.message.slice(0, 200), error.remedy);
        await deps.store.keepUnrouted({ vendor, accountId: null, reason: 'unreadable', body });
        return 0;
      }
      const { stored, unrouted } = await receive(inbound, vendor, events, names);
      if (unrouted > 0)
        problem(
          'unknown_account',
          'Events of an account that is not connected.',
          'Connect the account, or remove the app there.',
        );
      return stored;
    };
    return [
      {
        method: 'POST' as const,
        path: `/webhooks/${vendor}`,
        policy: 'vendor-signature' as const,
        bodyLimit_bytes: largestBody_bytes,
        onTooLarge: () =>
          problem(
            'too_large',
            `A delivery of more than ${largestBody_bytes} bytes.`,
            'If it came from the vendor, report it: its deliveries have grown.',
          ),
        handle,
      },
    ];
  });
}

/** The request exactly as received. */
export function rawRequest(ctx: Koa.Context, body: Buffer): RawRequest {
  const headers: Record<string, string | undefined> = {};
  for (const [name, value] of Object.entries(ctx.headers))
    headers[name] = Array.isArray(value) ? value.join(', ') : value;
  return { method: ctx.method, target: ctx.req.url ?? '', headers, body };
}
