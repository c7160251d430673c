import type { Parked } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { plain, unmanaged, upsert } from './rows.ts';
import { ParkedTable } from './tables/history.ts';

type ParkedEntries = Pick<
  TenantTx,
  | 'park'
  | 'unpark'
  | 'parkedOf'
  | 'parkedEntry'
  | 'parkedEntries'
  | 'parkedAt'
  | 'ambiguousRecordIds'
  | 'ambiguousRows'
  | 'parkedWaitingFor'
>;

export function parked({ em, tenantId }: Db): ParkedEntries {
  return {
    async park(entries) {
      await upsert(
        em,
        ParkedTable,
        entries.map((entry) => ({ tenantId, slot: slotOf(entry), ...entry })),
        // An entry that is still open keeps its id and the time since when it waits.
        { key: ['tenantId', 'slot'], keep: ['id', 'at_ms'] },
      );
    },
    async unpark(ids) {
      await em.nativeDelete(ParkedTable, { tenantId, id: { $in: [...ids] } });
    },
    parkedOf: (recordIds) => find({ recordId: { $in: [...recordIds] } }),
    parkedEntry: async (id) => (await find({ id }))[0],
    async parkedEntries(after, limit) {
      const page = { ...unmanaged, orderBy: { id: 'asc' }, limit } as const;
      return (await em.find(ParkedTable, { tenantId, id: { $gt: after } }, page)).map(toEntry);
    },
    parkedAt: (installationId, object, externalIds) =>
      find({ installationId, object, externalId: { $in: [...externalIds] } }),
    async ambiguousRecordIds(installationId) {
      const entries = await find({ installationId, cause: 'ambiguous_match' });
      return [...new Set(entries.flatMap(({ detail }) => detail.split(' ').filter(Boolean)))];
    },
    ambiguousRows: (installationId, recordIds) =>
      find({ installationId, cause: 'ambiguous_match', detail: { $in: [...recordIds] }, externalId: { $ne: null } }),
    parkedWaitingFor: (installationId, keys) => find({ installationId, waitsFor: { $in: [...keys] } }),
  };

  async function find(where: object): Promise<Parked[]> {
    const rows = await em.find(ParkedTable, { tenantId, ...where }, { ...unmanaged, orderBy: { at_ms: 'asc' } });
    return rows.map(toEntry);
  }
}

function toEntry(row: object): Parked {
  const { slot: _, ...entry } = plain<Parked & { slot: string }>(row);
  return entry;
}

function slotOf({ installationId, object, externalId, recordId, field }: Parked): string {
  return JSON.stringify([installationId, object, externalId === null ? { recordId } : externalId, field]);
}
