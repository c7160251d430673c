import type { Link } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { plain, unmanaged } from './rows.ts';
import { LinkTable } from './tables/record.ts';

const untried = `from link where tenant_id = ? and installation_id = ? and object = ? and state = 'live' and attempts = 0
  and deliver_at_ms <= ? and external_id is null
  and not exists (select 1 from write where write.tenant_id = link.tenant_id and write.link_id = link.id
    and write.state in ('sent', 'uncertain', 'answered'))
  and not exists (select 1 from record where record.tenant_id = link.tenant_id and record.id = link.record_id
    and record.deleted_at_ms is not null)`;

/** Rows that an account lacks and that nobody has tried to make. */
export function creates({ em, tenantId }: Db): Pick<TenantTx, 'countCreates' | 'createsToDeliver'> {
  return {
    async countCreates(installationId, object, now_ms, most) {
      const [row] = await em.execute<{ count: number }[]>(
        `select count(*)::int as count from (select 1 ${untried} limit ?) as due`,
        [tenantId, installationId, object, now_ms, most],
      );
      return row?.count ?? 0;
    },
    async createsToDeliver(installationId, object, now_ms, limit) {
      const found = await em.execute<{ id: string }[]>(`select id ${untried} order by deliver_at_ms, id limit ?`, [
        tenantId,
        installationId,
        object,
        now_ms,
        limit,
      ]);
      const ids = found.map(({ id }) => id);
      const rows = await em.find(LinkTable, { tenantId, id: { $in: ids } }, unmanaged);
      return rows.map(plain<Link>);
    },
  };
}
