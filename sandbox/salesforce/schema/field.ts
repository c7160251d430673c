/** The field types of a describe answer that the stand-in's objects use (partner WSDL: fieldType). */
export type FieldType =
  | 'id'
  | 'string'
  | 'picklist'
  | 'combobox'
  | 'textarea'
  | 'phone'
  | 'email'
  | 'url'
  | 'boolean'
  | 'int'
  | 'double'
  | 'currency'
  | 'percent'
  | 'date'
  | 'datetime'
  | 'reference'
  | 'address';

/** One field of an object: all that a describe answer, a write and a query need to know of it. */
export interface Field {
  name: string;
  type: FieldType;
  label: string;
  /** Characters; 0 for types without a length. */
  length: number;
  precision: number;
  scale: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  defaultedOnCreate: boolean;
  defaultValue: string | boolean | null;
  filterable: boolean;
  sortable: boolean;
  unique: boolean;
  externalId: boolean;
  idLookup: boolean;
  nameField: boolean;
  compoundFieldName: string | null;
  picklist: readonly string[];
  restrictedPicklist: boolean;
  referenceTo: readonly string[];
  relationshipName: string | null;
  /** The name of the list on the parent, e.g. `Contacts` on Account; null where the parent shows none. */
  childRelationshipName: string | null;
  cascadeDelete: boolean;
  custom: boolean;
  /** Field-level security of the seeded orgs: only the integration user may edit it; everybody may read it. */
  integrationOnly: boolean;
}

export type FieldOptions = Partial<Omit<Field, 'name' | 'type' | 'label'>>;

/** A field with the defaults of an editable standard field; `options` names what differs. */
export function field(name: string, type: FieldType, label: string, options: FieldOptions = {}): Field {
  return {
    name,
    type,
    label,
    length: 0,
    precision: 0,
    scale: 0,
    nillable: true,
    createable: true,
    updateable: true,
    defaultedOnCreate: false,
    defaultValue: type === 'boolean' ? false : null,
    filterable: true,
    sortable: true,
    unique: false,
    externalId: false,
    idLookup: false,
    nameField: false,
    compoundFieldName: null,
    picklist: [],
    restrictedPicklist: false,
    referenceTo: [],
    relationshipName: null,
    childRelationshipName: null,
    cascadeDelete: false,
    custom: name.endsWith('__c'),
    integrationOnly: false,
    ...options,
  };
}

/** What the platform sets itself. */
export const readOnly = { createable: false, updateable: false } as const;
/** Must have a value. */
export const required = { nillable: false } as const;

export function text(name: string, length: number, label: string, options: FieldOptions = {}): Field {
  return field(name, 'string', label, { length, ...options });
}

/** Above 255 characters a text area can be neither filtered nor sorted (SOQL reference: long text areas). */
export function textarea(name: string, length: number, label: string, options: FieldOptions = {}): Field {
  const short = length <= 255;
  return field(name, 'textarea', label, { length, filterable: short, sortable: short, ...options });
}

export function picklist(
  name: string,
  length: number,
  label: string,
  values: readonly string[],
  options: FieldOptions = {},
): Field {
  return field(name, 'picklist', label, { length, picklist: values, ...options });
}

export function flag(name: string, label: string, options: FieldOptions = {}): Field {
  return field(name, 'boolean', label, { nillable: false, defaultedOnCreate: true, ...options });
}

export function reference(
  name: string,
  label: string,
  referenceTo: readonly string[],
  relationshipName: string,
  options: FieldOptions = {},
): Field {
  return field(name, 'reference', label, { length: 18, referenceTo, relationshipName, ...options });
}

/** The eight parts and the compound of an address; `prefix` is e.g. `Billing`, or empty as on Lead. */
export function address(prefix: string, label: string): Field[] {
  const compoundFieldName = `${prefix}Address`;
  const part = { compoundFieldName };
  return [
    textarea(`${prefix}Street`, 255, `${label}Street`, part),
    text(`${prefix}City`, 40, `${label}City`, part),
    text(`${prefix}State`, 80, `${label}State/Province`, part),
    text(`${prefix}PostalCode`, 20, `${label}Zip/Postal Code`, part),
    text(`${prefix}Country`, 80, `${label}Country`, part),
    field(`${prefix}Latitude`, 'double', `${label}Latitude`, { precision: 18, scale: 15, ...part }),
    field(`${prefix}Longitude`, 'double', `${label}Longitude`, { precision: 18, scale: 15, ...part }),
    field(compoundFieldName, 'address', `${label}Address`, { ...readOnly, sortable: false }),
  ];
}

/** What every row has, but for the objects that pass their own owner rule. */
export function systemFields(label: string): Field[] {
  const set = { ...readOnly, nillable: false, defaultedOnCreate: true };
  return [
    field('Id', 'id', `${label} ID`, { ...set, length: 18, idLookup: true }),
    flag('IsDeleted', 'Deleted', readOnly),
    field('CreatedDate', 'datetime', 'Created Date', set),
    reference('CreatedById', 'Created By ID', ['User'], 'CreatedBy', set),
    field('LastModifiedDate', 'datetime', 'Last Modified Date', set),
    reference('LastModifiedById', 'Last Modified By ID', ['User'], 'LastModifiedBy', set),
    field('SystemModstamp', 'datetime', 'System Modstamp', set),
  ];
}

/** The field that names the winner on a row that lost a merge; only objects that can be merged have it. */
export const masterRecord = 'MasterRecordId';

export function masterRecordOf(entity: string): Field {
  return reference(masterRecord, 'Master Record ID', [entity], 'MasterRecord', readOnly);
}

export function owner(): Field {
  return reference('OwnerId', 'Owner ID', ['User'], 'Owner', { nillable: false, defaultedOnCreate: true });
}

/** Each row's currency; the field is there because the seeded orgs have multiple currencies switched on. */
export function currencyIsoCode(): Field {
  return picklist('CurrencyIsoCode', 3, 'Currency ISO Code', ['EUR', 'GBP', 'USD'], {
    defaultedOnCreate: true,
    defaultValue: 'EUR',
    restrictedPicklist: true,
  });
}
