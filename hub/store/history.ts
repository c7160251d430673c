import { randomUUID } from 'node:crypto';
import type { Change, Conflict } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { insertNew, plain, unmanaged } from './rows.ts';
import { AuditTable, ChangeTable, ConflictTable } from './tables/history.ts';

type History = Pick<
  TenantTx,
  'addChanges' | 'changesOf' | 'changesIn' | 'addConflicts' | 'conflict' | 'conflictsAt' | 'conflictsOf' | 'audit'
>;

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
    async changesIn(set, after, limit) {
      const where = `tenant_id = ? and at_ms between ? and ? and cause->>'lane' <> 'first'
        and (?::text is null or side = ?) and (?::text is null or author->>'userId' = ?) and (?::text is null or field = ?)`;
      const { side = null, userId = null, field = null } = set;
      const given = [tenantId, set.from_ms, set.to_ms, side, side, userId, userId, field, field];
      const rows = await em.execute<{ id: string }[]>(
        `select id from change where ${where} and record_id in (
           select distinct record_id from change where ${where} and record_id > ? order by record_id limit ?)`,
        [...given, ...given, after, limit],
      );
      const oldest = { ...unmanaged, orderBy: { recordId: 'asc', at_ms: 'asc', id: 'asc' } } as const;
      const found = await em.find(ChangeTable, { tenantId, id: { $in: rows.map(({ id }) => id) } }, oldest);
      return found.map(plain<Change>);
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
    async conflict(id) {
      const row = await em.findOne(ConflictTable, { tenantId, id }, unmanaged);
      return row ? plain<Conflict>(row) : undefined;
    },
    async conflictsAt(recordId, at_ms) {
      return (await em.find(ConflictTable, { tenantId, recordId, at_ms }, newest)).map(plain<Conflict>);
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
