import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

export function countDue({ view }: SimDb): Pick<TenantTx, 'countDue'> {
  return {
    async countDue(installationId, object, now_ms, most) {
      const due = view('links')
        .find('deliver', keyOf(installationId, object))
        .filter(({ attempts, deliverAt_ms }) => attempts === 0 && (deliverAt_ms ?? Infinity) <= now_ms)
        .filter(({ id }) => view('writes').find('open', id).length === 0)
        .filter(({ recordId }) => view('records').get(recordId)?.deletedAt_ms === null);
      const made = due.filter(({ externalId }) => externalId === null).length;
      return { new: Math.min(most, made), there: Math.min(most, due.length - made) };
    },
  };
}
