import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';

export function countDue({ em, tenantId }: Db): Pick<TenantTx, 'countDue'> {
  return {
    async countDue(installationId, object, now_ms, most) {
      const count = (isNew: boolean): string =>
        `(select count(*)::int from (
           select 1 from link where tenant_id = ? and installation_id = ? and object = ? and state = 'live' and attempts = 0
             and deliver_at_ms <= ? and external_id is ${isNew ? 'null' : 'not null'}
             and not exists (select 1 from write where write.tenant_id = link.tenant_id and write.link_id = link.id
               and write.state in ('sent', 'uncertain', 'answered'))
             and not exists (select 1 from record where record.tenant_id = link.tenant_id and record.id = link.record_id
               and record.deleted_at_ms is not null)
           limit ?) as due)`;
      const values = [tenantId, installationId, object, now_ms, most];
      const [row] = await em.execute<{ new: number; there: number }[]>(
        `select ${count(true)} as new, ${count(false)} as there`,
        [...values, ...values],
      );
      return { new: row?.new ?? 0, there: row?.there ?? 0 };
    },
  };
}
