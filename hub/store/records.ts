import { LockMode } from '@mikro-orm/postgresql';
import type { StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { json, plain, unmanaged, upsert } from './rows.ts';
import { MatchKeyTable, RecordTable } from './tables/record.ts';

type Records = Pick<
  TenantTx,
  | 'lockMatching'
  | 'lockRecords'
  | 'record'
  | 'recordsByMatchKey'
  | 'saveRecords'
  | 'recordsWithoutLink'
  | 'foldRecords'
  | 'foldedInto'
>;

export function records({ em, tenantId }: Db): Records {
  return {
    async lockMatching(kind) {
      await em.execute('select pg_advisory_xact_lock(hashtextextended(?, 0))', [JSON.stringify([tenantId, kind])]);
    },
    async lockRecords(ids) {
      const rows = await em.find(
        RecordTable,
        { tenantId, id: { $in: [...ids] } },
        { ...unmanaged, orderBy: { id: 'asc' }, lockMode: LockMode.PESSIMISTIC_WRITE },
      );
      return rows.map(plain<StoredRecord>);
    },
    async record(id) {
      const row = await em.findOne(RecordTable, { tenantId, id }, unmanaged);
      return row ? plain<StoredRecord>(row) : undefined;
    },

    async recordsByMatchKey(kind, keys) {
      if (keys.length === 0) return [];
      return em.execute<{ key: string; recordId: string }[]>(
        `select k.key, k.record_id as "recordId" from match_key k
         join record r on r.tenant_id = k.tenant_id and r.id = k.record_id and r.deleted_at_ms is null
         where k.tenant_id = ? and k.kind = ? and k.key in (?) order by k.key, k.record_id`,
        [tenantId, kind, [...new Set(keys)]],
      );
    },

    async saveRecords(records) {
      const inOrder = records.toSorted((a, b) => (a.record.id < b.record.id ? -1 : 1));
      await upsert(
        em,
        RecordTable,
        inOrder.map(({ record }) => ({ tenantId, ...record })),
      );
      await saveMatchKeys(inOrder);
    },

    async foldRecords(ids, into, now_ms) {
      if (ids.length === 0) return;
      for (const table of ['change', 'conflict'])
        await em.execute(`update ${table} set record_id = ? where tenant_id = ? and record_id in (?)`, [
          into,
          tenantId,
          ids,
        ]);
      await em.execute('delete from match_key where tenant_id = ? and record_id in (?)', [tenantId, ids]);
      await em.execute(
        `update record set fields = '{}', stamps = '{}', deleted_at_ms = coalesce(deleted_at_ms, ?), merged_into = ?
         where tenant_id = ? and (id in (?) or merged_into in (?))`,
        [now_ms, into, tenantId, ids, ids],
      );
    },
    async foldedInto(ids) {
      if (ids.length === 0) return new Map();
      const rows = await em.execute<{ id: string; into: string }[]>(
        'select id, merged_into as "into" from record where tenant_id = ? and id in (?) and merged_into is not null',
        [tenantId, ids],
      );
      return new Map(rows.map(({ id, into }) => [id, into]));
    },

    async recordsWithoutLink(installationId, kind, after, limit) {
      const rows = await em.execute<{ id: string }[]>(
        `select r.id from record r
         where r.tenant_id = ? and r.kind = ? and r.id > ? and r.deleted_at_ms is null and not exists (
           select from link l where l.tenant_id = r.tenant_id and l.record_id = r.id
             and l.installation_id = ? and l.state = 'live')
         order by r.id limit ?`,
        [tenantId, kind, after, installationId, limit],
      );
      return rows.map(({ id }) => id);
    },
  };

  async function saveMatchKeys(
    saved: readonly { record: StoredRecord; matchKeys: readonly string[] }[],
  ): Promise<void> {
    if (saved.length === 0) return;
    const rows = saved.flatMap(({ record, matchKeys }) =>
      matchKeys.map((key) => ({ tenantId, kind: record.kind, key, recordId: record.id })),
    );
    await em.execute(
      `delete from match_key k where k.tenant_id = ? and k.record_id in (?) and not exists (
         select from jsonb_to_recordset(?::jsonb) as row("key" text, "recordId" text)
         where row."recordId" = k.record_id and row."key" = k.key)`,
      [tenantId, saved.map(({ record }) => record.id), json(rows)],
    );
    await upsert(em, MatchKeyTable, rows);
  }
}
