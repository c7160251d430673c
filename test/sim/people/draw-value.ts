import type { VendorValue } from '../../../protocol/fields.ts';
import type { FieldMapping } from '../../../protocol/mapping.ts';
import type { Vendor } from '../../../protocol/nouns.ts';
import type { Random } from '../seeded-random.ts';

const currencies = ['USD', 'EUR', 'GBP', 'CHF'] as const;

/**
 * A value that a person may choose, by the way each CRM writes it. `number` is used once in a run, so that a value tells
 * where it comes from; options and currencies are few, and repeat.
 */
export function drawValue(field: FieldMapping, number: number, random: Random): (vendor: Vendor) => VendorValue {
  if (field.type === 'option') {
    const values = Object.keys(field.sides.hubspot?.values ?? {});
    const value = random.pick(values);
    // Of several that are read as equal a person may choose any.
    const finer = random.unit();
    return (vendor) => {
      const names = field.sides[vendor]?.values?.[value] ?? [];
      return names[Math.floor(finer * names.length)] ?? null;
    };
  }
  const text = field.name === 'currency' ? random.pick(currencies) : textFor(field, number);
  return () => text;
}

function textFor({ name, type }: FieldMapping, number: number): string {
  switch (type) {
    case 'domain':
      return `site${number}.example`;
    case 'email':
      return `someone${number}@mail.example`;
    case 'phone':
      return `+1 555 ${String(number).padStart(4, '0')}`;
    case 'integer':
      return String(100 + number);
    case 'decimal':
      return `${1_000 + number}.5`;
    case 'date':
      return new Date(Date.UTC(2027, 0, 1 + number)).toISOString().slice(0, 10);
    default:
      return `${name} ${number}`;
  }
}
