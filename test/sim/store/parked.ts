import type { Parked } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';
import { placeOf, slotOf } from './tables.ts';

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

export function parked({ view }: SimDb): ParkedEntries {
  return {
    async park(entries) {
      for (const entry of entries) {
        const open = await view('parked').lockValue('slot', slotOf(entry));
        // An entry that is still open keeps its id and the time since when it waits.
        await view('parked').put(open ? { ...entry, id: open.id, at_ms: open.at_ms } : entry);
      }
    },
    async unpark(ids) {
      const entries = ids.flatMap((id) => view('parked').get(id) ?? []);
      await view('parked').change(entries, () => undefined);
    },
    parkedOf: async (recordIds) => oldest(recordIds.flatMap((id) => view('parked').find('record', id))),
    parkedEntry: async (id) => view('parked').get(id),
    async parkedEntries(after, limit) {
      const later = view('parked')
        .all()
        .filter(({ id }) => id > after);
      return inOrder(later, ({ id }) => id).slice(0, limit);
    },
    parkedAt: async (installationId, object, externalIds) =>
      oldest(externalIds.flatMap((id) => view('parked').find('place', placeOf(installationId, object, id)))),
    async ambiguousRecordIds(installationId) {
      const entries = view('parked')
        .all()
        .filter((entry) => entry.installationId === installationId && entry.cause === 'ambiguous_match');
      return [...new Set(entries.flatMap(({ detail }) => detail.split(' ').filter(Boolean)))];
    },
    ambiguousRows: async (installationId, recordIds) =>
      oldest(
        view('parked')
          .all()
          .filter(
            (entry) =>
              entry.installationId === installationId &&
              entry.cause === 'ambiguous_match' &&
              entry.externalId !== null &&
              recordIds.includes(entry.detail),
          ),
      ),
    parkedWaitingFor: async (installationId, keys) =>
      oldest(keys.flatMap((key) => view('parked').find('waitsFor', keyOf(installationId, key)))),
  };

  function oldest(entries: Parked[]): Parked[] {
    return inOrder([...new Set(entries)], ({ at_ms }) => at_ms);
  }
}
