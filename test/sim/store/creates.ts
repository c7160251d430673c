import type { Link } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

export function creates({ view }: SimDb): Pick<TenantTx, 'countCreates' | 'createsToDeliver'> {
  const untried = (installationId: string, object: string, now_ms: number): Link[] =>
    view('links')
      .find('deliver', keyOf(installationId, object))
      .filter(({ attempts, externalId }) => attempts === 0 && externalId === null)
      .filter(({ deliverAt_ms }) => (deliverAt_ms ?? Infinity) <= now_ms)
      .filter(({ id }) => view('writes').find('open', id).length === 0)
      .filter(({ recordId }) => view('records').get(recordId)?.deletedAt_ms === null);
  return {
    async countCreates(installationId, object, now_ms, most) {
      return Math.min(most, untried(installationId, object, now_ms).length);
    },
    async createsToDeliver(installationId, object, now_ms, limit) {
      const due = untried(installationId, object, now_ms);
      const oldestFirst = inOrder(
        due,
        (link) => link.deliverAt_ms ?? Infinity,
        (link) => link.id,
      );
      return oldestFirst.slice(0, limit);
    },
  };
}
