import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder, type SimDb } from './sim-db.ts';

type History = Pick<TenantTx, 'addChanges' | 'changesOf' | 'addConflicts' | 'conflictsOf' | 'audit'>;

export function history({ view, clock, ids }: SimDb): History {
  return {
    async addChanges(changes) {
      for (const change of changes) await view('changes').insertNew(change);
    },
    changesOf: async (recordId, limit) => newest(view('changes').find('record', recordId), limit),
    async addConflicts(conflicts) {
      for (const conflict of conflicts) await view('conflicts').insertNew(conflict);
    },
    conflictsOf: async (recordId, limit) => newest(view('conflicts').find('record', recordId), limit),
    async audit(entries) {
      const at_ms = clock.now_ms();
      for (const entry of entries) await view('audit').insertNew({ ...entry, id: ids.next(), at_ms });
    },
  };
}

function newest<Row extends { id: string; at_ms: number }>(rows: Row[], limit: number): Row[] {
  return inOrder(
    rows,
    ({ at_ms }) => at_ms,
    ({ id }) => id,
  )
    .toReversed()
    .slice(0, limit);
}
