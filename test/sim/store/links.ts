import type { Link } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';
import { placeOf } from './tables.ts';

type Links = Pick<
  TenantTx,
  | 'linkedRecords'
  | 'linksByExternalId'
  | 'linksOfRecords'
  | 'countLiveLinks'
  | 'linksToDeliver'
  | 'nextDelivery'
  | 'saveLinks'
>;

export function links({ view }: SimDb): Links {
  return {
    async linkedRecords(installationId, kind, after, limit) {
      const pairs = view('records')
        .find('kind', kind)
        .filter(({ id, deletedAt_ms }) => deletedAt_ms === null && id > after)
        .flatMap((record) =>
          view('links')
            .find('live', keyOf(record.id, installationId))
            .map((link) => ({ record, link })),
        );
      return inOrder(pairs, ({ record }) => record.id).slice(0, limit);
    },
    async linksByExternalId(installationId, object, externalIds) {
      return [...new Set(externalIds)].flatMap((externalId) =>
        view('links').find('place', placeOf(installationId, object, externalId)),
      );
    },
    async linksOfRecords(recordIds) {
      return [...new Set(recordIds)].flatMap((recordId) => view('links').find('record', recordId));
    },
    async countLiveLinks(installationId, object) {
      const isCounted = (link: Link): boolean =>
        link.installationId === installationId && link.object === object && link.state === 'live';
      return view('links')
        .all()
        .filter((link) => isCounted(link) && link.externalId !== null).length;
    },
    async linksToDeliver(installationId, objectsInOrder, now_ms, limit) {
      for (const object of objectsInOrder) {
        const due = waiting(installationId, object).filter((link) => (link.deliverAt_ms ?? Infinity) <= now_ms);
        if (due.length > 0) return due.slice(0, limit);
      }
      return [];
    },
    async nextDelivery(installationId, objects) {
      const [next] = inOrder(
        objects.flatMap((object) => waiting(installationId, object).slice(0, 1)),
        (link) => link.deliverAt_ms ?? Infinity,
      );
      return next?.deliverAt_ms ?? undefined;
    },
    async saveLinks(saved) {
      // A link that gives up its place as the live one goes before the link that takes it.
      const rank = (link: Link): number => (link.state === 'live' ? 1 : 0);
      for (const link of inOrder([...saved], rank, ({ id }) => id)) await view('links').put(link);
    },
  };

  /** Live links of an object that want a write, the earliest first. */
  function waiting(installationId: string, object: string): Link[] {
    return inOrder(
      view('links').find('deliver', keyOf(installationId, object)),
      (link) => link.deliverAt_ms ?? Infinity,
      ({ id }) => id,
    );
  }
}
