import type { StoredRecord } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

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

export function records({ view, tx, tenantId }: SimDb): Records {
  return {
    lockMatching: (kind) => tx.lock(keyOf(tenantId, 'matching', kind)),
    async lockRecords(ids) {
      // What the statement sees when it starts is what it locks; it gives each row as it is under the lock.
      const seen = [...new Set(ids)].filter((id) => view('records').get(id)).sort();
      const locked: StoredRecord[] = [];
      for (const id of seen) {
        const record = await view('records').lock(id);
        if (record) locked.push(record);
      }
      return locked;
    },
    async record(id) {
      return view('records').get(id);
    },

    async recordsByMatchKey(kind, keys) {
      const found = [...new Set(keys)].flatMap((key) =>
        view('matchKeys')
          .find('key', keyOf(kind, key))
          .filter(({ recordId }) => view('records').get(recordId)?.deletedAt_ms === null),
      );
      return inOrder(
        found,
        ({ key }) => key,
        ({ recordId }) => recordId,
      ).map(({ key, recordId }) => ({ key, recordId }));
    },

    async saveRecords(saved) {
      const ordered = inOrder([...saved], ({ record }) => record.id);
      for (const { record } of ordered) await view('records').put(record);
      for (const { record, matchKeys } of ordered) {
        const keys = new Set(matchKeys);
        const before = view('matchKeys').find('record', record.id);
        await view('matchKeys').change(before, (row) => (keys.has(row.key) ? row : undefined));
        for (const key of keys) await view('matchKeys').insertNew({ kind: record.kind, key, recordId: record.id });
      }
    },

    async foldRecords(ids, into, now_ms) {
      for (const id of ids) {
        await view('changes').change(view('changes').find('record', id), (row) => ({ ...row, recordId: into }));
        await view('conflicts').change(view('conflicts').find('record', id), (row) => ({ ...row, recordId: into }));
        await view('matchKeys').change(view('matchKeys').find('record', id), () => undefined);
        const ended = [view('records').get(id) ?? [], view('records').find('mergedInto', id)].flat();
        await view('records').change(ended, (row) => {
          const deletedAt_ms = row.deletedAt_ms ?? now_ms;
          return { ...row, fields: {}, stamps: {}, deletedAt_ms, mergedInto: into };
        });
      }
    },
    async foldedInto(ids) {
      return new Map(
        ids.flatMap((id): [string, string][] => {
          const into = view('records').get(id)?.mergedInto;
          return into == null ? [] : [[id, into]];
        }),
      );
    },

    async recordsWithoutLink(installationId, kind, after, limit) {
      const bare = view('records')
        .find('kind', kind)
        .filter(({ id, deletedAt_ms }) => deletedAt_ms === null && id > after)
        .filter(({ id }) => view('links').find('live', keyOf(id, installationId)).length === 0)
        .map(({ id }) => id);
      return bare.sort().slice(0, limit);
    },
  };
}
