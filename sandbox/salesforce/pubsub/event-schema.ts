import { createHash } from 'node:crypto';
import avro from 'avsc';
import { headerRecord } from './event-header.ts';
import { longType } from './long-type.ts';

export interface EntityField {
  name: string;
  type: 'string' | 'boolean' | 'int' | 'double' | 'date' | 'datetime' | 'textarea' | 'reference';
}

/** Where a field of the row stands in the event: at the top level, or as a part of a compound field. */
export interface FieldPlace {
  field: EntityField;
  /** Place at the schema's top level; 0 is the header. */
  index: number;
  /** The compound it belongs to: `BillingAddress` of `BillingCity`. */
  compound: string | undefined;
  /** Place within the compound. */
  part: number;
  /** Its name there: `City`. */
  partName: string;
}

export interface EventSchema {
  id: string;
  json: string;
  type: avro.Type;
  places: ReadonlyMap<string, FieldPlace>;
}

/** Never in a change event (Change Data Capture docs: change event message structure). */
const excluded = new Set(
  'Id IsDeleted SystemModstamp MasterRecordId LastActivityDate LastViewedDate LastReferencedDate PhotoUrl'.split(' '),
);
const nameParts = 'Salutation FirstName LastName MiddleName InformalName Suffix'.split(' ');
const addressParts =
  'Street City State PostalCode Country StateCode CountryCode Latitude Longitude GeocodeAccuracy'.split(' ');

const avroTypes: Record<EntityField['type'], [avroType: string, doc: string]> = {
  string: ['string', 'Data:Text'],
  textarea: ['string', 'Data:StringPlusClob'],
  reference: ['string', 'ForeignKey:EntityId'],
  boolean: ['boolean', 'Data:Boolean'],
  int: ['int', 'Data:Integer'],
  double: ['double', 'Data:Double'],
  date: ['long', 'Data:DateOnly'],
  datetime: ['long', 'Data:DateTime'],
};

interface AvroField {
  name: string;
  type: unknown;
  doc?: string;
  default?: null;
}

function nullable(name: string, types: readonly unknown[], doc: string): AvroField {
  return { name, type: ['null', ...types], doc, default: null };
}

function partsRecord(name: string, parts: readonly string[]) {
  const fields = parts.map((part) => ({
    name: part,
    type: ['null', part.endsWith('itude') ? 'double' : 'string'],
    default: null,
  }));
  return { type: 'record', name, fields };
}

/**
 * The Avro schema of an entity's change event: the header, then each field of the row as a nullable union. A person's
 * name and an address are one compound field each, as the vendor sends them. The id is a hash of the text, so that a
 * new custom field gives a new schema.
 */
export function buildEventSchema(entity: string, rowFields: readonly EntityField[]): EventSchema {
  const rowNames = new Set(rowFields.map((field) => field.name));
  // An account's name is one text or a person's parts; a person account's event carries it as text here.
  const isPerson = entity !== 'Account' && rowNames.has('FirstName') && rowNames.has('LastName');
  const isAddressOf = (name: string, part: string): boolean =>
    name.endsWith(part) && rowNames.has(`${name.slice(0, -part.length)}Street`);
  const top: AvroField[] = [{ name: 'ChangeEventHeader', type: headerRecord, doc: 'Data:ComplexValueType' }];
  const places = new Map<string, FieldPlace>();
  let addressDefined = false;

  const topIndex = (name: string, define: () => AvroField): number => {
    const known = top.findIndex((field) => field.name === name);
    return known < 0 ? top.push(define()) - 1 : known;
  };

  for (const field of rowFields) {
    const { name } = field;
    if (excluded.has(name) || isAddressOf(name, 'Address') || (isPerson && name === 'Name')) continue;
    const addressPart = addressParts.find((part) => isAddressOf(name, part));
    if (isPerson && nameParts.includes(name)) {
      const index = topIndex('Name', () => nullable('Name', [partsRecord('PersonName', nameParts)], 'Data:PersonName'));
      places.set(name, { field, index, compound: 'Name', part: nameParts.indexOf(name), partName: name });
    } else if (addressPart) {
      const compound = `${name.slice(0, -addressPart.length)}Address`;
      const index = topIndex(compound, () => {
        // Avro defines a record once; every later use names it.
        const record = addressDefined ? 'Address' : partsRecord('Address', addressParts);
        addressDefined = true;
        return nullable(compound, [record], 'Data:Address');
      });
      places.set(name, { field, index, compound, part: addressParts.indexOf(addressPart), partName: addressPart });
    } else {
      const [avroType, doc] = avroTypes[field.type];
      const index = topIndex(name, () =>
        entity === 'Account' && name === 'Name'
          ? nullable(name, [avroType, partsRecord('Switchable_PersonName', nameParts)], 'Data:Switchable_PersonName')
          : nullable(name, [avroType], doc),
      );
      places.set(name, { field, index, compound: undefined, part: 0, partName: name });
    }
  }

  const json = JSON.stringify({
    type: 'record',
    name: eventName(entity),
    namespace: 'com.sforce.eventbus',
    fields: top,
  });
  return {
    id: createHash('md5').update(json).digest('base64url'),
    json,
    type: avro.Type.forSchema(JSON.parse(json), { registry: { long: longType } }),
    places,
  };
}

/** `AccountChangeEvent`, `Thing__ChangeEvent` (Change Data Capture docs: subscription channels). */
export function eventName(entity: string): string {
  return entity.endsWith('__c') ? `${entity.slice(0, -3)}__ChangeEvent` : `${entity}ChangeEvent`;
}
