import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { json } from './rows.ts';

/** Two statements a page, whatever the account's size. */
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
      // Under row-level security an index is entered by leakproof comparisons alone, and length() is none. Between ends of one
      // length lie few ids of another; of an account's pages all but a few have such ends.
      const ends = after !== undefined && to?.length === after.length ? [after, to] : [];
      const entry =
        ends.length === 0 ? '' : 'and external_id collate "C" > ?::text and external_id collate "C" <= ?::text';
      const place = '(length(external_id), external_id collate "C")';
      const bound = '(length(?::text), ?::text collate "C")';
      const missing = await em.execute<{ id: string }[]>(
        `select external_id as id from link
         where tenant_id = ? and installation_id = ? and object = ? and state = 'live' and external_id is not null
           ${entry}
           ${after === undefined ? '' : `and ${place} > ${bound}`} ${to === undefined ? '' : `and ${place} <= ${bound}`}
           and external_id not in (select page.id from jsonb_to_recordset(?::jsonb) as page(id text))
         order by length(external_id), external_id collate "C" limit ?`,
        [
          tenantId,
          installationId,
          object,
          ...ends,
          ...[after, to].flatMap((id) => (id === undefined ? [] : [id, id])),
          page,
          limit,
        ],
      );
      return { differing: differing.map(({ id }) => id), missing: missing.map(({ id }) => id) };
    },
  };
}
