import avro from 'avsc';
import { exactLong } from './long-type.ts';

/** A field of the event's top level, as the row's API names see it. */
export interface TopField {
  name: string;
  /** What a long holds. */
  holds: 'date' | 'instant' | 'other';
  /** Whether the value may be one by itself; a switchable name may be that or its parts. */
  scalar: boolean;
  /** For a compound field, the row's API name of each part by place: `BillingStreet`, `BillingCity`, ... */
  parts: readonly { part: string; rowField: string }[];
}

export interface EventSchema {
  /** The entity by the schema's name: `Account` for `AccountChangeEvent`. */
  entity: string;
  type: avro.Type;
  fields: readonly TopField[];
}

/** Reads an Avro schema as GetSchema gives it. Throws when it is not the schema of a change event. */
export function readEventSchema(schemaJson: string): EventSchema {
  const text = JSON.parse(schemaJson) as { name: string; fields: { name: string; doc?: string }[] };
  const type = avro.Type.forSchema(text as avro.Schema, { registry: { long: exactLong } });
  if (!avro.Type.isType(type, 'record')) throw new TypeError(`The schema ${text.name} is not a record.`);
  const fields = (type as avro.types.RecordType).fields.map(({ name, type: fieldType }, index) => ({
    name,
    holds: holdsOf(text.fields[index]?.doc ?? ''),
    ...membersOf(name, fieldType),
  }));
  return { entity: entityOf(text.name), type, fields };
}

/** `Data:DateOnly`, `CreatedDate:DateTime`, `Data:DateTime:00N...`: the second word is the field's type. */
function holdsOf(doc: string): TopField['holds'] {
  const kind = doc.split(':')[1];
  if (kind === 'DateOnly' || kind === 'Birthday') return 'date';
  return kind === 'DateTime' ? 'instant' : 'other';
}

function membersOf(name: string, type: avro.Type): Pick<TopField, 'scalar' | 'parts'> {
  const members = 'types' in type ? (type as avro.types.UnwrappedUnionType).types : [type];
  const record = members.find((member) => avro.Type.isType(member, 'record')) as avro.types.RecordType | undefined;
  return {
    scalar: members.some((member) => member !== record && !avro.Type.isType(member, 'null')),
    parts: (record?.fields ?? []).map(({ name: part }) => ({ part, rowField: rowFieldOf(name, part) })),
  };
}

/** REST names of parts: `BillingAddress.City` is `BillingCity`, `Name.FirstName` `FirstName`, `Site__c.City` `Site__City__s`. */
function rowFieldOf(compound: string, part: string): string {
  if (compound.endsWith('__c')) return `${compound.slice(0, -3)}__${part}__s`;
  return compound.endsWith('Address') ? `${compound.slice(0, -'Address'.length)}${part}` : part;
}

function entityOf(eventName: string): string {
  const base = eventName.replace(/ChangeEvent$/, '');
  return base.endsWith('__') ? `${base}c` : base;
}
