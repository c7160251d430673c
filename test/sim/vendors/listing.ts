import type { RowStamp } from '../../../protocol/crm-connector.ts';
import type { SimAccount } from './account.ts';
import type { SimRow, Version } from './row.ts';

/** Live rows in order of id, a page at a time, by keyset. */
export function listed(
  { crm }: SimAccount,
  object: string,
  after: string | undefined,
): { rows: RowStamp[]; next: string | undefined } {
  const { compareIds, listSize } = crm.flavour;
  const all = crm
    .rows(object)
    .filter((row) => !row.archived && (after === undefined || compareIds(row.id, after) > 0))
    .sort((a, b) => compareIds(a.id, b.id));
  const rows = all.slice(0, listSize).map(({ id, stamp_ms }) => ({ externalId: id, stamp_ms }));
  return { rows, next: all.length > listSize ? rows.at(-1)?.externalId : undefined };
}

/** Rows changed at or after (stamp, id), in that order. What the index does not know yet is not among them. */
export function changedSince(
  account: SimAccount,
  object: string,
  since: { stamp_ms: number; id: string },
): { rows: RowStamp[]; more: boolean } {
  const { compareIds, changesSize, showsDeleted } = account.crm.flavour;
  const isAfter = ({ stamp_ms, externalId }: RowStamp): boolean =>
    stamp_ms > since.stamp_ms ||
    (stamp_ms === since.stamp_ms && (since.id === '' || compareIds(externalId, since.id) > 0));
  const all = account.crm
    .rows(object)
    .flatMap((row): RowStamp[] => {
      const version = indexed(account, row);
      return version && (showsDeleted || !version.archived) ? [{ externalId: row.id, stamp_ms: version.stamp_ms }] : [];
    })
    .filter(isAfter)
    .sort((a, b) => a.stamp_ms - b.stamp_ms || compareIds(a.externalId, b.externalId));
  return { rows: all.slice(0, changesSize), more: all.length > changesSize };
}

/** A row as the index knows it: HubSpot's search is told of changes some time later (HubSpot docs: CRM search). */
function indexed({ crm, line }: SimAccount, row: SimRow): Version | undefined {
  if (!crm.flavour.readsLag || !line.weather.strikes('stale_index')) return row.versions.at(-1);
  const asOf_ms = crm.clock.now_ms() - line.weather.between('stale_index', 1_000, 100_000);
  return row.versions.findLast((version) => version.at_ms <= asOf_ms);
}
