/** A kind of CRM object. `singular` is what HubSpot writes in its messages and association names. */
export interface ObjectType {
  typeId: string;
  name: string;
  singular: string;
  /** The property that carries the time of the last change. Contacts differ from all others. */
  modifiedProperty: string;
  createdProperty: string;
  /** Returned when a read names no properties. */
  defaultProperties: readonly string[];
  /** A create without these is refused. */
  requiredProperties: readonly string[];
  /** OAuth scopes are named after this object. Engagements are read and written with the contacts' scopes. */
  scope: string;
  custom: boolean;
}

function standard(typeId: string, name: string, singular: string, more: Partial<ObjectType> = {}): ObjectType {
  return {
    typeId,
    name,
    singular,
    modifiedProperty: 'hs_lastmodifieddate',
    createdProperty: 'createdate',
    defaultProperties: [],
    requiredProperties: [],
    scope: name,
    custom: false,
    ...more,
  };
}

/** Type ids as in HubSpot docs, "Object type IDs". */
export const contacts = standard('0-1', 'contacts', 'contact', {
  modifiedProperty: 'lastmodifieddate',
  defaultProperties: ['firstname', 'lastname', 'email'],
});
export const companies = standard('0-2', 'companies', 'company', { defaultProperties: ['name', 'domain'] });
export const deals = standard('0-3', 'deals', 'deal', {
  defaultProperties: ['amount', 'closedate', 'dealname', 'dealstage', 'pipeline'],
});
/** HubSpot docs, notes, tasks and emails: `hs_timestamp` is required. */
const engagement = { createdProperty: 'hs_createdate', scope: 'contacts', requiredProperties: ['hs_timestamp'] };
const notes = standard('0-46', 'notes', 'note', engagement);
export const tasks = standard('0-27', 'tasks', 'task', engagement);
export const emails = standard('0-49', 'emails', 'email', engagement);

export const standardTypes: readonly ObjectType[] = [contacts, companies, deals, notes, tasks, emails];

/** Activities have no merge (OpenAPI notes.json, tasks.json, emails.json). */
export function isMergeable(type: ObjectType): boolean {
  return type.custom || [contacts, companies, deals].includes(type);
}

/** The custom object of a test portal. Its fully qualified name carries the portal's id, as HubSpot builds it. */
export function researchType(portalId: number): ObjectType {
  return standard(`2-${portalId}1`, `p${portalId}_rapport_research`, 'rapport_research', {
    createdProperty: 'hs_createdate',
    defaultProperties: ['title'],
    requiredProperties: ['title'],
    scope: 'custom',
    custom: true,
  });
}

/** Finds a type by type id, plural name, singular name, or, for a custom one, its short or fully qualified name. */
export function findType(types: readonly ObjectType[], named: string): ObjectType | undefined {
  const wanted = named.toLowerCase();
  return types.find(
    (type) => type.typeId === wanted || type.name === wanted || type.singular === wanted.replace(/^p_/, ''),
  );
}
