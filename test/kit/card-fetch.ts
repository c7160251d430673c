import { portals } from '../../sandbox/seed/credentials.ts';
import type { House, TenantKey } from './house.ts';

export const portalIds: Readonly<Record<TenantKey, number>> = { a: portals[0].portalId, b: portals[1].portalId };

/** What HubSpot tells the hub of who looks at a card. */
export const viewer = { id: 500_001, email: 'viewer@flow.example' };

/** A card's `hubspot.fetch` at a portal: through the vendor's servers, which sign it. `path` begins with the hub's own. */
export async function cardFetch(
  house: House,
  portalId: number,
  path: string,
  body?: object,
): Promise<{ status: number; body: unknown }> {
  const answer = await fetch(`${house.urls.hubspot}/_ui/hubspot-fetch`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({
      portalId,
      user: viewer,
      url: house.urls.hub + path,
      method: body ? 'POST' : 'GET',
      ...(body && { body }),
    }),
  });
  return { status: answer.status, body: await answer.json() };
}
