import { LeaseLost } from '../../../protocol/errors.ts';
import type { InboxBatch } from '../../../protocol/ports/store.ts';
import { storeEvents } from './inbox.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

/** Events of many tenants, the positions they came with and the gaps they told of; one installation after the other, in one order always. */
export async function takeIn(dbOf: (tenantId: string) => SimDb, batches: readonly InboxBatch[]): Promise<void> {
  const groups = Map.groupBy(batches, ({ tenantId, installationId }) => keyOf(tenantId, installationId));
  for (const [, group] of [...groups].toSorted(([a], [b]) => (a < b ? -1 : 1))) {
    const [{ tenantId, installationId }] = group as [InboxBatch];
    const db = dbOf(tenantId);
    const events = group.flatMap((batch) => batch.events);
    await storeEvents(db, installationId, events);
    if (events.length > 0) db.mark(installationId, 'observe', db.clock.now_ms());
    for (const batch of group) {
      proveHolder(db, batch);
      await savePosition(db, batch);
    }
  }
}

/** A process that was late moves no position: whoever follows the stream at the moment of the commit does. */
function proveHolder({ hub, moment }: SimDb, { tenantId, installationId, streamHolder }: InboxBatch): void {
  if (streamHolder === undefined) return;
  moment.checks.push(() => {
    if (hub.leases.holderOf({ tenantId, installationId, what: 'stream' }) !== streamHolder)
      throw new LeaseLost('Another process follows this event stream now.');
  });
}

async function savePosition(db: SimDb, { installationId, cursor, gaps = [] }: InboxBatch): Promise<void> {
  if (!cursor) return;
  await db.view('cursors').put({ installationId, ...cursor });
  for (const { object, from_ms } of gaps) {
    const name = `gap:${object}`;
    const before = await db.view('cursors').lock(keyOf(installationId, name));
    // The oldest instant told of stays.
    const value = String(Math.min(Number(before?.value ?? Infinity), from_ms));
    await db.view('cursors').put({ installationId, name, value });
  }
}
