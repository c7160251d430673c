import type { FieldDescribe, Row } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { textOf } from './format.ts';

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

const inputTypes: Record<string, string> = {
  currency: 'number',
  percent: 'number',
  date: 'date',
  email: 'email',
  url: 'url',
};

/** The control with which a field is edited, filled with its value. */
export function fieldInput(field: FieldDescribe, row: Row): Input {
  const control = element(field) as Input;
  control.value = textOf(row[field.name]);
  return control;
}

/** The value that was entered, `null` for none; undefined if it is the record's own. */
export function changedValue(field: FieldDescribe, input: Input, row: Row): string | number | null | undefined {
  const entered = input.value.trim();
  if (entered === textOf(row[field.name]).trim()) return undefined;
  if (entered === '') return null;
  return field.type === 'currency' || field.type === 'percent' ? Number(entered) : entered;
}

function element(field: FieldDescribe): HTMLElement {
  const { name, type } = field;
  if (type === 'picklist') {
    const options = field.picklistValues.filter((option) => option.active);
    const none = field.nillable ? h('option', { value: '' }, '--None--') : undefined;
    return h('select', { name }, none, ...options.map(({ value, label }) => h('option', { value }, label)));
  }
  if (type === 'textarea') return h('textarea', { name, rows: '3' });
  return h('input', {
    name,
    type: inputTypes[type] ?? 'text',
    step: 'any',
    maxlength: field.length > 0 ? String(field.length) : undefined,
  });
}
