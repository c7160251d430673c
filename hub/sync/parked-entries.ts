import type { Fields, VendorFields } from '../../protocol/fields.ts';
import type { Kind, Parked, Vendor } from '../../protocol/nouns.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Held, Mapper } from '../../protocol/ports/mapper.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { WorkingSet } from './working-set.ts';

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

/** Fields that were readable once (they have a base), were asked for, and are not in the row: a permission was taken away. */
export function hiddenFields(
  mapper: Mapper,
  about: { kind: Kind; vendor: Vendor; object: string },
  base: Fields | null,
  asked: readonly string[],
  row: VendorFields,
): Held[] {
  const wanted = new Set(asked);
  return mapper.mappings.kinds[about.kind].fields.flatMap(({ name, sides }): Held[] => {
    const theirs = sideFieldName(sides[about.vendor], about.object);
    if (theirs === undefined || !wanted.has(theirs) || row[theirs] !== undefined || base?.[name] === undefined)
      return [];
    return [
      {
        field: name,
        cause: 'unreadable',
        detail: `The CRM did not show ${theirs}.`,
        remedy: 'Let the user or app that Rapport acts as read this field.',
        value: null,
        waitsFor: null,
      },
    ];
  });
}

/** The vendor refused a write: the same one is not sent again. */
export function isRefusal({ cause }: Parked): boolean {
  return cause === 'refused' || cause === 'not_granted';
}

/** Nothing waits any more of a row that is gone or not ours to take in. */
export function endParked(set: WorkingSet, externalId: string): void {
  const over = set.parkedBefore.filter((entry) => entry.externalId === externalId);
  set.unparked.push(...over.map((entry) => entry.id));
}

/** The records that an unlinked row might belong to. */
export function candidatesOf({ cause, detail }: Parked): string[] {
  return cause === 'ambiguous_match' ? detail.split(' ').filter(Boolean) : [];
}
