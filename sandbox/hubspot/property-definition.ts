export interface PropertyOption {
  label: string;
  value: string;
  displayOrder: number;
  hidden: boolean;
  description?: string;
}

export type PropertyType = 'string' | 'number' | 'date' | 'datetime' | 'enumeration' | 'bool' | 'phone_number';

/** A property's definition, as stored and (with the metadata of `renderProperty`) as answered. */
export interface PropertyDefinition {
  name: string;
  label: string;
  type: PropertyType;
  fieldType: string;
  groupName: string;
  description: string;
  options: readonly PropertyOption[];
  hasUniqueValue: boolean;
  hidden: boolean;
  formField: boolean;
  displayOrder: number;
  hubspotDefined: boolean;
  calculated: boolean;
  readOnlyValue: boolean;
  /** The options live elsewhere: owners, pipelines. */
  externalOptions: boolean;
  referencedObjectType?: string;
  createdAt_ms?: number;
  updatedAt_ms?: number;
  archivedAt_ms?: number;
}

/** A definition with HubSpot's defaults for all that is not given. */
export function property(
  name: string,
  type: PropertyType,
  groupName: string,
  more: Partial<PropertyDefinition> = {},
): PropertyDefinition {
  const label = name.replace(/^hs_/, '').replaceAll('_', ' ');
  return {
    name,
    label: label.charAt(0).toUpperCase() + label.slice(1),
    type,
    fieldType: defaultFieldType[type],
    groupName,
    description: '',
    options: [],
    hasUniqueValue: false,
    hidden: false,
    formField: false,
    displayOrder: -1,
    hubspotDefined: true,
    calculated: false,
    readOnlyValue: false,
    externalOptions: false,
    ...more,
  };
}

export function optionsOf(values: readonly (string | [value: string, label: string])[]): PropertyOption[] {
  return values.map((one, displayOrder) => {
    const [value, label] = typeof one === 'string' ? [one, one] : one;
    return { value, label, displayOrder, hidden: false };
  });
}

/** The `Property` schema of HubSpot's OpenAPI file for properties. */
export function renderProperty(one: PropertyDefinition): Record<string, unknown> {
  const { createdAt_ms, updatedAt_ms, archivedAt_ms, readOnlyValue, ...rest } = one;
  return {
    ...rest,
    archived: archivedAt_ms !== undefined,
    ...(archivedAt_ms !== undefined && { archivedAt: new Date(archivedAt_ms).toISOString() }),
    ...(createdAt_ms !== undefined && { createdAt: new Date(createdAt_ms).toISOString() }),
    ...(updatedAt_ms !== undefined && { updatedAt: new Date(updatedAt_ms).toISOString() }),
    dataSensitivity: 'non_sensitive',
    modificationMetadata: {
      archivable: !one.hubspotDefined,
      readOnlyDefinition: one.hubspotDefined,
      readOnlyOptions: one.hubspotDefined,
      readOnlyValue,
    },
  };
}

const defaultFieldType: Record<PropertyType, string> = {
  string: 'text',
  number: 'number',
  date: 'date',
  datetime: 'date',
  enumeration: 'select',
  bool: 'booleancheckbox',
  phone_number: 'phonenumber',
};
