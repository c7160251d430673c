import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { placeOf } from './tables.ts';

export function comparePage({ view }: SimDb): Pick<TenantTx, 'comparePage'> {
  return {
    async comparePage(installationId, object, { after, to, rows }, limit) {
      const differing = rows.filter(
        ({ externalId, stamp_ms }) =>
          !view('links')
            .find('place', placeOf(installationId, object, externalId))
            .some((link) => link.state === 'live' && link.base !== null && (link.stamp_ms ?? -1) >= stamp_ms),
      );
      const shown = new Set(rows.map(({ externalId }) => externalId));
      const isBehind = (id: string, other: string): boolean =>
        id.length > other.length || (id.length === other.length && id > other);
      const between = view('links')
        .all()
        .filter((link) => link.installationId === installationId && link.object === object && link.state === 'live')
        .flatMap(({ externalId }) => externalId ?? [])
        .filter((id) => (after === undefined || isBehind(id, after)) && (to === undefined || !isBehind(id, to)));
      const missing = inOrder(
        between.filter((id) => !shown.has(id)),
        (id) => id.length,
        (id) => id,
      );
      return { differing: differing.map(({ externalId }) => externalId), missing: missing.slice(0, limit) };
    },
  };
}
