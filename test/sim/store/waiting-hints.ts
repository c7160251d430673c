import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { placeOf, type InboxRow } from './tables.ts';

type WaitingHints = Pick<TenantTx, 'countWaitingHints' | 'hintedRows' | 'hintsOf' | 'wakeInbox'>;

export function waitingHints({ view }: SimDb): WaitingHints {
  const waiting = (installationId: string, object: string, externalId: string): InboxRow[] =>
    view('inbox')
      .find('place', placeOf(installationId, object, externalId))
      .filter(({ outcome }) => outcome === null);
  return {
    async countWaitingHints(installationId, lanes) {
      return view('inbox')
        .find('waiting', installationId)
        .filter(({ event }) => lanes.includes(event.lane)).length;
    },
    async hintedRows(installationId, object, externalIds, now_ms) {
      return [...new Set(externalIds)].filter((externalId) =>
        waiting(installationId, object, externalId).some(({ lookAt_ms, event }) => lookAt_ms <= now_ms && !event.own),
      );
    },
    async hintsOf(installationId, object, externalIds) {
      const rows = [...new Set(externalIds)].flatMap((externalId) => waiting(installationId, object, externalId));
      return inOrder(rows, ({ seq }) => seq).map(({ id, event, receivedAt_ms }) => ({ id, event, receivedAt_ms }));
    },
    async wakeInbox(installationId, object, externalIds, now_ms) {
      const told =
        externalIds === 'all'
          ? view('inbox')
              .find('waiting', installationId)
              .filter(({ event }) => event.object === object)
          : [...new Set(externalIds)].flatMap((externalId) => waiting(installationId, object, externalId));
      const asleep = told.filter(({ lookAt_ms }) => lookAt_ms > now_ms);
      await view('inbox').change(asleep, (row) => (row.outcome === null ? { ...row, lookAt_ms: now_ms } : row));
      return asleep.length;
    },
  };
}
