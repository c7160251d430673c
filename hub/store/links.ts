import type { Link, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { plain, unmanaged, upsert } from './rows.ts';
import { LinkTable, RecordTable } from './tables/record.ts';

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

export function links({ em, tenantId }: Db): Links {
  return {
    async linkedRecords(installationId, kind, after, limit) {
      const pairs = await em.execute<{ recordId: string; linkId: string }[]>(
        `select r.id as "recordId", l.id as "linkId" from record r
         join link l on l.tenant_id = r.tenant_id and l.record_id = r.id and l.installation_id = ? and l.state = 'live'
         where r.tenant_id = ? and r.kind = ? and r.id > ? and r.deleted_at_ms is null order by r.id limit ?`,
        [installationId, tenantId, kind, after, limit],
      );
      const ids = { records: pairs.map(({ recordId }) => recordId), links: pairs.map(({ linkId }) => linkId) };
      const records = await em.find(RecordTable, { tenantId, id: { $in: ids.records } }, unmanaged);
      const links = await em.find(LinkTable, { tenantId, id: { $in: ids.links } }, unmanaged);
      const recordOf = new Map(records.map((record) => [record.id, plain<StoredRecord>(record)]));
      const linkOf = new Map(links.map((link) => [link.id, plain<Link>(link)]));
      // In the order of the pairs, which is the database's own order of ids.
      return pairs.flatMap(({ recordId, linkId }) => {
        const record = recordOf.get(recordId);
        const link = linkOf.get(linkId);
        return record && link ? [{ record, link }] : [];
      });
    },

    async linksByExternalId(installationId, object, externalIds) {
      const where = { tenantId, installationId, object, externalId: { $in: [...externalIds] } };
      return (await em.find(LinkTable, where, unmanaged)).map(plain<Link>);
    },
    async linksOfRecords(recordIds) {
      const where = { tenantId, recordId: { $in: [...recordIds] } };
      return (await em.find(LinkTable, where, unmanaged)).map(plain<Link>);
    },

    countLiveLinks: (installationId, object) =>
      em.count(LinkTable, { tenantId, installationId, object, state: 'live', externalId: { $ne: null } }),

    async linksToDeliver(installationId, objectsInOrder, now_ms, limit) {
      for (const object of objectsInOrder) {
        const rows = await em.find(
          LinkTable,
          { tenantId, installationId, object, state: 'live', deliverAt_ms: { $lte: now_ms } },
          { ...unmanaged, orderBy: { deliverAt_ms: 'asc', id: 'asc' }, limit },
        );
        if (rows.length > 0) return rows.map(plain<Link>);
      }
      return [];
    },
    async nextDelivery(installationId, objects) {
      const [row] = await em.find(
        LinkTable,
        { tenantId, installationId, object: { $in: [...objects] }, state: 'live', deliverAt_ms: { $ne: null } },
        { ...unmanaged, orderBy: { deliverAt_ms: 'asc' }, limit: 1 },
      );
      return row?.deliverAt_ms ?? undefined;
    },

    async saveLinks(links) {
      // A link that gives up its place as the live one goes before the link that takes it.
      const rank = (link: Link): string => `${link.state === 'live' ? 1 : 0}${link.id}`;
      const inOrder = links.toSorted((a, b) => (rank(a) < rank(b) ? -1 : 1));
      await upsert(
        em,
        LinkTable,
        inOrder.map((link) => ({ tenantId, ...link })),
      );
    },
  };
}
