import { RapportError, Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { InboxItem } from '../../protocol/ports/store.ts';
import { parkRow } from './apply-apart.ts';
import type { SyncDeps } from './deps.ts';
import type { Rows } from './observation.ts';
import { longestPostponed_ms, postponeItems } from './postpone.ts';
import { closeObject, isOutOfReach } from './reach.ts';
import { samples } from './read-apart.ts';

/** So long a few rows may fail for a reason that could pass, before they are parked. */
const patience_ms = 600_000;

/**
 * The hints of an object of which nothing could be read wait; those of other objects go on. A row of a few that still fail
 * after a while is parked; those of an object that is out of reach end until it is listed anew. Throws when the whole account is cut off.
 */
export async function setAside(deps: SyncDeps, rows: Rows, items: readonly InboxItem[], error: unknown): Promise<void> {
  if (error instanceof Reconnect) throw error;
  if (isOutOfReach(error)) return closeObject(deps, rows.installation, rows.about.object, error, items);
  const { tenantId, id } = rows.installation;
  const now_ms = deps.clock.now_ms();
  if (error instanceof RetryLater) {
    const at_ms = Math.min(error.retryAt_ms, now_ms + longestPostponed_ms);
    const ids = items.map((item) => item.id);
    return deps.store.tenant(tenantId, (tx) => tx.postponeInbox(ids, at_ms));
  }
  deps.log.error({ installation: id, object: rows.about.object, ...faultForLog(error) }, 'rows could not be read');
  const byRow = Map.groupBy(items, (item) => item.event.externalId);
  const isLate = (hints: readonly InboxItem[]): boolean =>
    hints.some((item) => now_ms - item.receivedAt_ms > patience_ms);
  const late = byRow.size > samples ? [] : [...byRow].filter(([, hints]) => isLate(hints));
  for (const [externalId, hints] of late) await parkUnreadable(deps, rows, { externalId, items: hints }, error);
  const parked = new Set(late.map(([externalId]) => externalId));
  const others = items.filter((item) => !parked.has(item.event.externalId));
  await deps.store.tenant(tenantId, (tx) => postponeItems(deps, tx, others));
}

/** A row that the vendor does not let be read, with the vendor's own words. */
export async function parkUnreadable(
  deps: SyncDeps,
  rows: Rows,
  row: { externalId: string; items: readonly InboxItem[] },
  error: unknown,
): Promise<void> {
  const where = { installation: rows.installation.id, object: rows.about.object, externalId: row.externalId };
  deps.log.error({ ...where, ...faultForLog(error) }, 'a row cannot be read');
  const known = error instanceof RapportError;
  await parkRow(deps, rows, row, {
    detail: known ? error.message : 'The row could not be read.',
    remedy: `${known ? error.remedy : 'Report it with its id.'} It is read again when it changes.`,
  });
}
