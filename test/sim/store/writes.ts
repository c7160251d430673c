import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';

export function writes({ view }: SimDb): Pick<TenantTx, 'openWrites' | 'saveWrites'> {
  return {
    async openWrites(linkIds) {
      const open = [...new Set(linkIds)].flatMap((linkId) => view('writes').find('open', linkId));
      return inOrder(
        open,
        ({ sentAt_ms }) => sentAt_ms,
        ({ id }) => id,
      );
    },
    async saveWrites(saved) {
      for (const write of saved) await view('writes').put(write);
    },
  };
}
