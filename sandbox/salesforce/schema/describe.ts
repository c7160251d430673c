import type { Entity } from './entity.ts';
import type { Field, FieldType } from './field.ts';
import type { Schema } from './schema.ts';

/** A `describe` answer, as far as clients read it; field order is the order of the object's columns. */
export interface Describe {
  name: string;
  label: string;
  keyPrefix: string;
  custom: boolean;
  fields: DescribeField[];
  childRelationships: {
    childSObject: string;
    field: string;
    relationshipName: string | null;
    cascadeDelete: boolean;
    deprecatedAndHidden: boolean;
    restrictedDelete: boolean;
  }[];
  [key: string]: unknown;
}

export interface DescribeField {
  name: string;
  type: FieldType;
  label: string;
  length: number;
  precision: number;
  scale: number;
  nillable: boolean;
  createable: boolean;
  updateable: boolean;
  custom: boolean;
  unique: boolean;
  externalId: boolean;
  referenceTo: readonly string[];
  relationshipName: string | null;
  compoundFieldName: string | null;
  [key: string]: unknown;
}

const soapTypes: Record<FieldType, string> = {
  id: 'tns:ID',
  reference: 'tns:ID',
  string: 'xsd:string',
  picklist: 'xsd:string',
  combobox: 'xsd:string',
  textarea: 'xsd:string',
  phone: 'xsd:string',
  email: 'xsd:string',
  url: 'xsd:string',
  boolean: 'xsd:boolean',
  int: 'xsd:int',
  double: 'xsd:double',
  currency: 'xsd:double',
  percent: 'xsd:double',
  date: 'xsd:date',
  datetime: 'xsd:dateTime',
  address: 'urn:address',
};

/** Only an integration user sees our external id as editable (field-level security). */
export function editable(field: Field, integration: boolean): boolean {
  return integration || !field.integrationOnly;
}

function describeField(field: Field, integration: boolean): DescribeField {
  const isId = field.type === 'id' || field.type === 'reference';
  const compound = field.type === 'address';
  return {
    aggregatable: !compound && field.type !== 'boolean' && field.filterable,
    autoNumber: false,
    byteLength: isId ? 18 : field.length * 3,
    calculated: false,
    calculatedFormula: null,
    cascadeDelete: false,
    caseSensitive: false,
    compoundFieldName: field.compoundFieldName,
    controllerName: null,
    createable: field.createable && editable(field, integration),
    custom: field.custom,
    defaultValue: field.defaultValue,
    defaultValueFormula: null,
    defaultedOnCreate: field.defaultedOnCreate,
    dependentPicklist: false,
    deprecatedAndHidden: false,
    digits: field.type === 'int' ? 8 : 0,
    encrypted: false,
    externalId: field.externalId,
    extraTypeInfo: field.type === 'textarea' && !field.filterable ? 'plaintextarea' : null,
    filterable: field.filterable,
    groupable: !compound && field.filterable && soapTypes[field.type] !== 'xsd:double' && field.type !== 'datetime',
    htmlFormatted: false,
    idLookup: field.idLookup,
    inlineHelpText: null,
    label: field.label,
    length: field.length,
    name: field.name,
    nameField: field.nameField,
    namePointing: field.referenceTo.length > 1,
    nillable: field.nillable,
    permissionable: field.nillable && (field.createable || field.custom),
    picklistValues: field.picklist.map((value) => ({
      active: true,
      defaultValue: value === field.defaultValue,
      label: value,
      validFor: null,
      value,
    })),
    polymorphicForeignKey: field.referenceTo.length > 1,
    precision: field.precision,
    referenceTo: field.referenceTo,
    relationshipName: field.relationshipName,
    relationshipOrder: null,
    restrictedDelete: false,
    restrictedPicklist: field.restrictedPicklist,
    scale: field.scale,
    soapType: soapTypes[field.type],
    sortable: field.sortable,
    type: field.type,
    unique: field.unique,
    updateable: field.updateable && editable(field, integration),
    writeRequiresMasterRead: false,
  };
}

/** The short form in the list of objects. `base` is `/services/data/vXX.X`. */
export function describeGlobal(entity: Entity, base: string): Record<string, unknown> {
  const { table } = entity;
  const sobject = `${base}/sobjects/${entity.name}`;
  return {
    activateable: false,
    createable: table.writeable,
    custom: entity.name.endsWith('__c'),
    customSetting: false,
    deletable: table.writeable,
    deprecatedAndHidden: false,
    feedEnabled: true,
    keyPrefix: table.keyPrefix,
    label: table.label,
    labelPlural: table.labelPlural,
    layoutable: true,
    mergeable: ['Account', 'Contact', 'Lead'].includes(entity.name),
    mruEnabled: true,
    name: entity.name,
    queryable: true,
    replicateable: true,
    retrieveable: true,
    searchable: true,
    triggerable: true,
    undeletable: table.writeable,
    updateable: table.writeable,
    urls: { sobject, describe: `${sobject}/describe`, rowTemplate: `${sobject}/{ID}` },
  };
}

/**
 * A describe answer generated from an object's table, as the given kind of user sees it.
 * Source: REST API guide, sObject Describe; recorded answers of a developer org.
 */
export function describe(schema: Schema, entity: Entity, base: string, integration: boolean): Describe {
  return {
    ...describeGlobal(entity, base),
    actionOverrides: [],
    childRelationships: schema.children(entity).map(({ child, field }) => ({
      cascadeDelete: field.cascadeDelete,
      childSObject: child.name,
      deprecatedAndHidden: false,
      field: field.name,
      junctionIdListNames: [],
      junctionReferenceTo: [],
      relationshipName: field.childRelationshipName,
      restrictedDelete: false,
    })),
    custom: entity.name.endsWith('__c'),
    fields: entity.fields.map((field) => describeField(field, integration)),
    keyPrefix: entity.keyPrefix,
    label: entity.table.label,
    name: entity.name,
    namedLayoutInfos: [],
    recordTypeInfos: [],
    supportedScopes: [{ label: `All ${entity.table.labelPlural.toLowerCase()}`, name: 'everything' }],
  };
}
