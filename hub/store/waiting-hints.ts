import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { itemColumns, toItem, type InboxRow } from './inbox-item.ts';
import { unpack } from './unpack.ts';

type WaitingHints = Pick<TenantTx, 'countWaitingHints' | 'hintedRows' | 'hintsOf' | 'wakeInbox'>;

/** What waits in the inbox of certain rows, or of certain lanes. */
export function waitingHints(db: Db): WaitingHints {
  const { em, tenantId } = db;
  return {
    async countWaitingHints(installationId, lanes) {
      // Of a long queue some is left for the next question: then at least one more waits.
      const more = await unpack(db, installationId);
      const [row] = await em.execute<{ count: number }[]>(
        `select count(*)::int as count from inbox
         where tenant_id = ? and installation_id = ? and outcome is null and lane in (?)`,
        [tenantId, installationId, lanes],
      );
      return (row?.count ?? 0) + (more ? 1 : 0);
    },
    async hintedRows(installationId, object, externalIds, now_ms) {
      if (externalIds.length === 0) return [];
      await unpack(db, installationId);
      const rows = await em.execute<{ externalId: string }[]>(
        `select distinct external_id as "externalId" from inbox
         where tenant_id = ? and installation_id = ? and object = ? and external_id in (?)
           and outcome is null and look_at_ms <= ? and (event->>'own')::boolean is not true`,
        [tenantId, installationId, object, externalIds, now_ms],
      );
      return rows.map(({ externalId }) => externalId);
    },
    async hintsOf(installationId, object, externalIds) {
      if (externalIds.length === 0) return [];
      await unpack(db, installationId);
      const rows = await em.execute<InboxRow[]>(
        `select ${itemColumns} from inbox
         where tenant_id = ? and installation_id = ? and object = ? and external_id in (?) and outcome is null
         order by seq`,
        [tenantId, installationId, object, externalIds],
      );
      return rows.map(toItem);
    },
    async wakeInbox(installationId, object, externalIds, now_ms) {
      if (externalIds.length === 0) return 0;
      const some = externalIds === 'all' ? '' : 'and external_id in (?)';
      const { affectedRows } = await em.execute<{ affectedRows: number }>(
        `update inbox set look_at_ms = ?
         where tenant_id = ? and installation_id = ? and object = ? and outcome is null and look_at_ms > ? ${some}`,
        [now_ms, tenantId, installationId, object, now_ms, ...(externalIds === 'all' ? [] : [externalIds])],
        'run',
      );
      return affectedRows;
    },
  };
}
