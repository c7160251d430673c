import { randomUUID } from 'node:crypto';
import type { Change, Conflict } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { insertNew, plain, unmanaged } from './rows.ts';
import { AuditTable, ChangeTable, ConflictTable } from './tables/history.ts';

type History = Pick<TenantTx, 'addChanges' | 'changesOf' | 'addConflicts' | 'conflictsOf' | 'audit'>;

/** Newest first. */
const newest = { ...unmanaged, orderBy: { at_ms: 'desc', id: 'desc' } } as const;

export function history({ em, tenantId, clock }: Db): History {
  return {
    async addChanges(changes) {
      await insertNew(
        em,
        ChangeTable,
        changes.map((change) => ({ tenantId, ...change })),
      );
    },
    async changesOf(recordId, limit) {
      return (await em.find(ChangeTable, { tenantId, recordId }, { ...newest, limit })).map(plain<Change>);
    },
    async addConflicts(conflicts) {
      await insertNew(
        em,
        ConflictTable,
        conflicts.map((conflict) => ({ tenantId, ...conflict })),
      );
    },
    async conflictsOf(recordId, limit) {
      return (await em.find(ConflictTable, { tenantId, recordId }, { ...newest, limit })).map(plain<Conflict>);
    },
    async audit(entries) {
      const at_ms = clock.now_ms();
      await insertNew(
        em,
        AuditTable,
        entries.map((entry) => ({ tenantId, id: randomUUID(), at_ms, ...entry })),
      );
    },
  };
}
