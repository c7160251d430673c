import type { Link } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { SimDb } from './sim-db.ts';

export function status({ view }: SimDb): Pick<TenantTx, 'status'> {
  return {
    async status() {
      const inbox = view('inbox').all();
      const live = view('links')
        .all()
        .filter(({ state }) => state === 'live');
      const records = view('records')
        .all()
        .filter(({ deletedAt_ms }) => deletedAt_ms === null);
      const applied = inbox.filter(({ outcome }) => outcome === 'applied');
      const waitsForParent = ({ attempts, recordId, installationId }: Link): boolean =>
        attempts > 0 &&
        view('parked')
          .find('record', recordId)
          .some((one) => one.installationId === installationId && one.cause === 'missing_parent');
      const parked = counts(view('parked').all(), ({ cause }) => cause);
      return {
        records: counts(records, ({ kind }) => kind),
        links: counts(view('links').all(), ({ state }) => state),
        inboxWaiting: inbox.filter(({ outcome }) => outcome === null).length,
        deliveriesWaiting: live.filter((link) => link.deliverAt_ms !== null && !waitsForParent(link)).length,
        parked: Object.entries(parked).map(([cause, count]) => ({ cause, count })),
        conflicts: view('conflicts').all().length,
        runs: counts(view('runs').all(), ({ state }) => state),
        caughtBy: counts(applied, ({ event }) => event.lane),
      };
    },
  };
}

function counts<Row>(rows: readonly Row[], of: (row: Row) => string): Record<string, number> {
  const found: Record<string, number> = {};
  for (const row of rows) found[of(row)] = (found[of(row)] ?? 0) + 1;
  return Object.fromEntries(Object.entries(found).toSorted(([a], [b]) => (a < b ? -1 : 1)));
}
