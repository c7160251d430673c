import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { json } from './rows.ts';

/** Two statements a page, whatever the account's size; the second reads `link_walk_index` between the page's ends. */
export function comparePage({ em, tenantId }: Db): Pick<TenantTx, 'comparePage'> {
  return {
    async comparePage(installationId, object, { after, to, rows }, limit) {
      const page = json(rows.map(({ externalId, stamp_ms }) => ({ id: externalId, stamp_ms })));
      const differing = await em.execute<{ id: string }[]>(
        `select page.id from jsonb_to_recordset(?::jsonb) as page(id text, stamp_ms bigint)
         left join link on link.tenant_id = ? and link.installation_id = ? and link.object = ? and link.external_id = page.id
           and link.state = 'live' and link.base is not null and link.stamp_ms >= page.stamp_ms
         where link.id is null`,
        [page, tenantId, installationId, object],
      );
      const place = '(length(external_id), external_id collate "C")';
      const bound = '(length(?::text), ?::text collate "C")';
      const missing = await em.execute<{ id: string }[]>(
        `select external_id as id from link
         where tenant_id = ? and installation_id = ? and object = ? and state = 'live' and external_id is not null
           ${after === undefined ? '' : `and ${place} > ${bound}`} ${to === undefined ? '' : `and ${place} <= ${bound}`}
           and external_id not in (select page.id from jsonb_to_recordset(?::jsonb) as page(id text))
         order by length(external_id), external_id collate "C" limit ?`,
        [
          tenantId,
          installationId,
          object,
          ...[after, to].flatMap((id) => (id === undefined ? [] : [id, id])),
          page,
          limit,
        ],
      );
      return { differing: differing.map(({ id }) => id), missing: missing.map(({ id }) => id) };
    },
  };
}
