import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { emptyErased, type ToldOf } from './erased-events.ts';
import { dayOf } from './inbox-days.ts';
import { itemColumns, placeOf, toItem, type InboxRow } from './inbox-item.ts';
import { json } from './rows.ts';
import { countWaiting, unpack } from './unpack.ts';

type Inbox = Pick<TenantTx, 'addInbox' | 'takeInbox' | 'finishInbox' | 'postponeInbox' | 'countWaitingInbox'>;

export function inbox(db: Db): Inbox {
  const { em, tenantId, clock } = db;
  return {
    async addInbox(installationId, events) {
      // In one order always, so that two transactions that give the same hints cannot wait for one another.
      const received_at_ms = clock.now_ms();
      await em.execute(
        `insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
         select ?, ?, event->>'key', ?::date, event->>'object', event->>'externalId', event->>'lane', event, ?
         from jsonb_array_elements(?::jsonb) as event
         order by 3
         on conflict do nothing`,
        [tenantId, installationId, dayOf(received_at_ms), received_at_ms, json(events)],
      );
    },
    async takeInbox(installationId, now_ms, limit) {
      let rows: InboxRow[];
      let more: boolean;
      do {
        more = await unpack(db, installationId, limit);
        rows = await em.execute<InboxRow[]>(
          `select ${itemColumns} from inbox
           where tenant_id = ? and installation_id = ? and outcome is null and look_at_ms <= ?
           order by seq limit ?`,
          [tenantId, installationId, now_ms, limit],
        );
      } while (more && rows.length < limit);
      return rows.map(toItem);
    },
    async finishInbox(items) {
      const finished = await em.execute<ToldOf[]>(
        `update inbox set outcome = item.outcome ${at}
         returning inbox.installation_id as "installationId", inbox.object, inbox.external_id as "externalId"`,
        [json(items.map(({ id, outcome }) => ({ ...placeOf(id), outcome }))), tenantId],
      );
      await emptyErased(db, finished);
    },
    async postponeInbox(ids, at_ms) {
      await em.execute(`update inbox set look_at_ms = item.look_at_ms ${at}`, [
        json(ids.map((id) => ({ ...placeOf(id), look_at_ms: at_ms }))),
        tenantId,
      ]);
    },
    countWaitingInbox: () => countWaiting(db),
  };
}

const at = `from jsonb_to_recordset(?::jsonb)
    as item(day date, seq bigint, installation text, outcome text, look_at_ms bigint)
  where inbox.tenant_id = ? and inbox.installation_id = item.installation and inbox.seq = item.seq
    and inbox.day = item.day and inbox.outcome is null`;
