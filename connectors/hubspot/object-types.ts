/** What the connector must know of an object beside its name. */
export interface ObjectType {
  /** As the mappings write it. */
  name: string;
  /** As it stands in paths. */
  pathName: string;
  /** HubSpot docs, "Object type IDs". */
  typeId: string | undefined;
  /** Carries the time of the last change; contacts differ from all others (HubSpot docs: CRM search). */
  modifiedProperty: string;
  /** Association type that marks the primary company, where the object has one (HubSpot docs: association type ids). */
  primaryCompanyTypeId: number | undefined;
}

const standard: readonly ObjectType[] = [
  type('contacts', '0-1', { modifiedProperty: 'lastmodifieddate', primaryCompanyTypeId: 1 }),
  type('companies', '0-2'),
  type('deals', '0-3', { primaryCompanyTypeId: 5 }),
  type('notes', '0-46'),
];

/** What events call them: by name, by type id, and in the singular, as legacy subscription types and workflow actions do. */
const named: ReadonlyMap<string, string> = new Map([
  ...standard.flatMap((one): [string, string][] => [
    [one.name, one.name],
    [one.typeId ?? one.name, one.name],
  ]),
  ['contact', 'contacts'],
  ['company', 'companies'],
  ['deal', 'deals'],
  ['note', 'notes'],
]);

/** Every name is an object: one that is not standard is a custom object, addressed by the short form `p_<name>`. */
export function objectType(name: string): ObjectType {
  return standard.find((one) => one.name === name) ?? { ...type(name, undefined), pathName: `p_${name}` };
}

/** The mappings' name of what an event calls `0-3`, `deal`, `DEAL` or `deals`; undefined for what is not ours. */
export function objectNamed(text: string | undefined): string | undefined {
  return text === undefined ? undefined : named.get(text.toLowerCase());
}

/** `association:companies`: one id (of companies: the primary). `associations:contacts`: a sorted set of ids. */
export interface AssociationField {
  field: string;
  to: string;
  many: boolean;
}

/** Reads a pseudo-field's name; undefined for a property. */
export function associationField(field: string): AssociationField | undefined {
  const found = /^association(s?):(.+)$/.exec(field);
  return found?.[2] === undefined ? undefined : { field, to: found[2], many: found[1] === 's' };
}

/** The pseudo-fields of an object, for its description. */
export function associationFields(object: string): AssociationField[] {
  const peers = standard.map((one) => one.name).filter((name) => name !== object && name !== 'notes');
  return peers.flatMap((to) => [
    { field: `association:${to}`, to, many: false },
    { field: `associations:${to}`, to, many: true },
  ]);
}

function type(name: string, typeId: string | undefined, more: Partial<ObjectType> = {}): ObjectType {
  return {
    name,
    pathName: name,
    typeId,
    modifiedProperty: 'hs_lastmodifieddate',
    primaryCompanyTypeId: undefined,
    ...more,
  };
}
