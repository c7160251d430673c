import type { Write } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { plain, unmanaged, upsert } from './rows.ts';
import { WriteTable } from './tables/record.ts';

export function writes({ em, tenantId }: Db): Pick<TenantTx, 'openWrites' | 'saveWrites'> {
  return {
    async openWrites(linkIds) {
      const rows = await em.find(
        WriteTable,
        { tenantId, linkId: { $in: [...linkIds] }, state: { $in: ['sent', 'uncertain', 'answered'] } },
        { ...unmanaged, orderBy: { sentAt_ms: 'asc', id: 'asc' } },
      );
      return rows.map(plain<Write>);
    },
    async saveWrites(writes) {
      await upsert(
        em,
        WriteTable,
        writes.map((write) => ({ tenantId, ...write })),
      );
    },
  };
}
