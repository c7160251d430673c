import type { Fields } from '../../protocol/fields.ts';
import type { Parked } from '../../protocol/nouns.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Held } from '../../protocol/ports/mapper.ts';

/** Entries for fields that could not be mapped, and for values that the vendor answered for and did not take. */
export function parkedEntries(
  ids: Ids,
  where: Pick<Parked, 'installationId' | 'object' | 'externalId' | 'recordId' | 'at_ms'>,
  held: readonly Held[],
  refused: readonly string[],
  sent: Fields,
): Parked[] {
  return [
    ...held.map((one): Parked => ({ ...where, ...one, id: ids.next() })),
    ...refused.map((field): Parked => ({
      ...where,
      id: ids.next(),
      field,
      cause: 'not_accepted',
      detail: 'The CRM answered that it took the value, and still shows the old one.',
      remedy: 'Look for an automation or a permission in the CRM that keeps this field, or change the value.',
      value: sent[field] ?? null,
      waitsFor: null,
    })),
  ];
}
