import type { InboxItem, TenantTx } from '../../../protocol/ports/store.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';
import { placeOf, type InboxRow } from './tables.ts';

type Inbox = Pick<TenantTx, 'addInbox' | 'takeInbox' | 'finishInbox' | 'postponeInbox' | 'countWaitingInbox'>;

export function inbox(db: SimDb): Inbox {
  const { view } = db;
  return {
    addInbox: (installationId, events) => storeEvents(db, installationId, events),
    async takeInbox(installationId, now_ms, limit) {
      const ready = view('inbox')
        .find('waiting', installationId)
        .filter(({ lookAt_ms }) => lookAt_ms <= now_ms);
      return inOrder(ready, ({ seq }) => seq)
        .slice(0, limit)
        .map(({ id, event, receivedAt_ms }): InboxItem => ({ id, event, receivedAt_ms }));
    },
    async finishInbox(items) {
      const finished: InboxRow[] = [];
      for (const { id, outcome } of items) {
        await changeWaiting(id, (row) => {
          finished.push(row);
          return { ...row, outcome };
        });
      }
      await emptyErased(finished);
    },
    async postponeInbox(ids, at_ms) {
      for (const id of ids) await changeWaiting(id, (row) => ({ ...row, lookAt_ms: at_ms }));
    },
    async countWaitingInbox() {
      return view('inbox')
        .all()
        .filter(({ outcome }) => outcome === null).length;
    },
  };

  async function changeWaiting(id: string, to: (row: InboxRow) => InboxRow): Promise<void> {
    const row = view('inbox').get(id);
    await view('inbox').change(row ? [row] : [], (now) => (now.outcome === null ? to(now) : now));
  }

  /** What came in late about people who were erased is emptied; the empty events stay, so that a repeat is still one. */
  async function emptyErased(finished: readonly InboxRow[]): Promise<void> {
    if (view('erased').all().length === 0) return;
    for (const { installationId, event } of finished) {
      const vendor = view('installations').get(installationId)?.vendor ?? '';
      if (!view('erased').get(keyOf(vendor, event.externalId))) continue;
      const told = view('inbox').find('place', placeOf(installationId, event.object, event.externalId));
      await view('inbox').change(told, (row) => ({ ...row, event: { ...row.event, values: {} } }));
    }
  }
}

/** A repeat stores nothing: the same event of the same day, which is how far the database looks back. */
export async function storeEvents(db: SimDb, installationId: string, events: readonly VendorEvent[]): Promise<void> {
  const receivedAt_ms = db.clock.now_ms();
  const day = new Date(receivedAt_ms).toISOString().slice(0, 10);
  const rows = events.map((event): InboxRow => {
    const id = `${day}/${event.key}/${installationId}`;
    return { id, seq: db.nextSeq(), installationId, event, receivedAt_ms, lookAt_ms: 0, outcome: null };
  });
  // Numbered as they came, stored in one order always: two that hold the same events cannot wait for one another.
  for (const row of inOrder(rows, ({ id }) => id)) await db.view('inbox').insertNew(row);
}
