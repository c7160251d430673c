import type { FieldRule } from '../../protocol/mapping.ts';
import type { Installation, Kind, Link } from '../../protocol/nouns.ts';
import type { Mapper, SideOfKind } from '../../protocol/ports/mapper.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';

/** The rules of the fields that an installation may give us (`in`) or be given (`out`). */
export function rulesFor(mapper: Mapper, kind: Kind, installation: Installation, way: 'in' | 'out'): FieldRule[] {
  const closed = way === 'in' ? 'out' : 'in';
  return mapper.mappings.kinds[kind].fields.filter((field) => {
    const side = field.sides[installation.vendor];
    return side !== undefined && side.direction !== closed;
  });
}

/** Where rows of a kind stand at an installation, as the mapper needs to know it. */
export function sideOf({ vendor, timeZone }: Installation, about: { kind: Kind; object: string }): SideOfKind {
  return { kind: about.kind, object: about.object, vendor, timeZone };
}

/** The vendor object in which an installation keeps a kind. */
export function objectFor(
  mapper: Mapper,
  kind: Kind,
  installation: Installation,
): { object: string; idField: string } | undefined {
  return mapper.target(kind, installation.vendor, installation.targets[kind]);
}

/** Canonical fields whose value in a row that we just created is our own default for a required field: it never travels back. */
export function defaultedFields(
  mapper: Mapper,
  installation: Installation,
  about: { kind: Kind; object: string },
): Set<string> {
  const mapping = mapper.mappings.kinds[about.kind];
  const target = mapping.objects[installation.vendor]?.find((one) => one.object === about.object);
  const defaulted = new Set(target?.onCreate.map((one) => one.field));
  return new Set(
    mapping.fields.flatMap((field) =>
      defaulted.has(sideFieldName(field.sides[installation.vendor], about.object) ?? '') ? [field.name] : [],
    ),
  );
}

/** Under this name a link's facts keep what the vendor's unique field holds: our record id, another's (a clone), or nothing. */
export const ourIdFact = 'ourId';

/** True when the linked row does not carry our record's id yet. */
export function lacksOurId(link: Link): boolean {
  return link.externalId !== null && link.facts[ourIdFact] !== link.recordId;
}
