import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';

type History = Pick<
  TenantTx,
  'addChanges' | 'changesOf' | 'changesIn' | 'addConflicts' | 'conflict' | 'conflictsAt' | 'conflictsOf' | 'audit'
>;

export function history({ view, clock, ids }: SimDb): History {
  return {
    async addChanges(changes) {
      for (const change of changes) await view('changes').insertNew(change);
    },
    changesOf: async (recordId, limit) => newest(view('changes').find('record', recordId), limit),
    async changesIn({ from_ms, to_ms, side, userId, field }, after, limit) {
      const chosen = view('changes')
        .all()
        .filter(
          (one) =>
            one.at_ms >= from_ms &&
            one.at_ms <= to_ms &&
            one.cause.lane !== 'first' &&
            (side ?? one.side) === one.side &&
            (userId ?? one.author.userId) === one.author.userId &&
            (field ?? one.field) === one.field &&
            one.recordId > after,
        );
      const records = new Set([...new Set(chosen.map((one) => one.recordId))].sort().slice(0, limit));
      return inOrder(
        chosen.filter((one) => records.has(one.recordId)),
        ({ recordId }) => recordId,
        ({ at_ms }) => at_ms,
        ({ id }) => id,
      );
    },
    async addConflicts(conflicts) {
      for (const conflict of conflicts) await view('conflicts').insertNew(conflict);
    },
    conflictsOf: async (recordId, limit) => newest(view('conflicts').find('record', recordId), limit),
    conflict: async (id) => view('conflicts').get(id),
    conflictsAt: async (recordId, at_ms) =>
      view('conflicts')
        .find('record', recordId)
        .filter((one) => one.at_ms === at_ms),
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
