import { field, reference, text, textarea, type Field, type FieldOptions, type FieldType } from './field.ts';
import { blocks, tag } from './metadata-xml.ts';

/** Only the hub's own user may edit our external id; everybody may read it. */
const integrationOnlyField = 'Rapport_Id__c';

const simpleTypes: Record<string, FieldType> = {
  Date: 'date',
  DateTime: 'datetime',
  Checkbox: 'boolean',
  Email: 'email',
  Phone: 'phone',
  Url: 'url',
  Number: 'double',
  Currency: 'currency',
  Percent: 'percent',
};

const lengths: Partial<Record<FieldType, number>> = { email: 80, phone: 40, url: 255 };

/**
 * A custom field from its source-format metadata (`fields/X__c.field-meta.xml`).
 * Throws on a type that the stand-in does not have, with the file named.
 */
export function readField(xml: string, path: string): Field {
  const bare = xml.replace(/<valueSet>[\s\S]*<\/valueSet>/, '');
  const name = tag(bare, 'fullName') ?? '';
  const type = tag(bare, 'type') ?? '';
  const label = tag(bare, 'label') ?? name;
  const isOn = (key: string): boolean => tag(bare, key) === 'true';
  const externalId = isOn('externalId');
  const options: FieldOptions = {
    nillable: !isOn('required'),
    unique: isOn('unique'),
    externalId,
    idLookup: externalId,
    integrationOnly: name === integrationOnlyField,
    custom: true,
  };
  const length = Number(tag(bare, 'length') ?? 255);
  if (type === 'Text') return text(name, length, label, options);
  if (type === 'TextArea') return textarea(name, 255, label, options);
  if (type === 'LongTextArea' || type === 'Html') return textarea(name, length, label, options);
  if (type === 'Picklist') {
    const values = blocks(xml, 'value').map((value) => tag(value, 'fullName') ?? '');
    const restrictedPicklist = tag(xml, 'restricted') === 'true';
    return field(name, 'picklist', label, { ...options, length: 255, picklist: values, restrictedPicklist });
  }
  if (type === 'Lookup' || type === 'MasterDetail') {
    const children = tag(bare, 'relationshipName');
    return reference(name, label, [tag(bare, 'referenceTo') ?? ''], name.replace(/__c$/, '__r'), {
      ...options,
      childRelationshipName: children ? `${children}__r` : null,
      cascadeDelete: type === 'MasterDetail' || tag(bare, 'deleteConstraint') === 'Cascade',
    });
  }
  const simple = simpleTypes[type];
  if (!simple)
    throw new Error(`${path}: the sandbox does not know the field type '${type}' of ${name}; use another or teach it`);
  const scale = Number(tag(bare, 'scale') ?? 0);
  const numbers = tag(bare, 'precision') ? { precision: Number(tag(bare, 'precision')), scale } : {};
  const flag = simple === 'boolean' ? { nillable: false, defaultedOnCreate: true } : {};
  return field(name, simple, label, { ...options, ...numbers, ...flag, length: lengths[simple] ?? 0 });
}
