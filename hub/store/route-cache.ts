import type { Pool } from 'pg';
import type { Vendor } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Store } from '../../protocol/ports/store.ts';

type Route = NonNullable<Awaited<ReturnType<Store['route']>>>;

/** An account that moves to another tenant is followed within this time; one that is not connected yet at once. */
const known_ms = 1_000;
const largest = 10_000;

/** Routes found a moment ago: a burst of webhooks of one account asks the database once. */
export class RouteCache {
  readonly #clock: Clock;
  readonly #read: (vendor: Vendor, accountId: string) => Promise<Route | undefined>;
  readonly #known = new Map<string, { route: Route; until_ms: number }>();

  constructor(clock: Clock, read: (vendor: Vendor, accountId: string) => Promise<Route | undefined>) {
    this.#clock = clock;
    this.#read = read;
  }

  async find(vendor: Vendor, accountId: string): Promise<Route | undefined> {
    const key = `${vendor} ${accountId}`;
    const now_ms = this.#clock.now_ms();
    const known = this.#known.get(key);
    if (known && known.until_ms > now_ms) return known.route;
    const route = await this.#read(vendor, accountId);
    if (this.#known.size >= largest) this.#known.clear();
    if (route) this.#known.set(key, { route, until_ms: now_ms + known_ms });
    else this.#known.delete(key);
    return route;
  }
}

/** Prepared once: with many accounts it is asked nearly as often as webhooks come. */
export async function readRoute(pool: Pool, vendor: Vendor, accountId: string): Promise<Route | undefined> {
  const { rows } = await pool.query<Route>({
    name: 'route',
    text: `select tenant_id as "tenantId", installation_id as "installationId" from route
      where vendor = $1 and account_id = $2`,
    values: [vendor, accountId],
  });
  return rows[0];
}
