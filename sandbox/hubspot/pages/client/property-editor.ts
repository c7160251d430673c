import { h } from '../../../kit/browser/dom.ts';
import type { CrmObject, Property } from './api.ts';
import { choices, type Directory } from './directory.ts';

/** A form in the place of a value: Enter or Save writes it, Escape or Cancel leaves it. */
export function propertyEditor(
  directory: Directory,
  property: Property,
  deal: CrmObject,
  ends: { save(value: string): Promise<void>; cancel(): void },
): HTMLElement {
  const input = inputFor(directory, property, deal.properties[property.name] ?? '');
  input.setAttribute('aria-label', property.label);
  const error = h('p', { class: 'error', role: 'alert' });
  const save = async (): Promise<void> => {
    try {
      await ends.save(valueOf(property, input.value));
    } catch (fault) {
      error.textContent = (fault as Error).message;
    }
  };
  const form = h(
    'form',
    {
      class: 'editor',
      onsubmit: (event) => {
        event.preventDefault();
        void save();
      },
      onkeydown: (event) => {
        if ((event as KeyboardEvent).key === 'Escape') ends.cancel();
      },
    },
    input,
    h(
      'span',
      { class: 'editor-buttons' },
      h('button', { type: 'submit', class: 'hs-button hs-button-primary hs-button-xs' }, 'Save'),
      h(
        'button',
        { type: 'button', class: 'hs-button hs-button-secondary hs-button-xs', onclick: () => ends.cancel() },
        'Cancel',
      ),
    ),
    error,
  );
  queueMicrotask(() => input.focus());
  return form;
}

type Input = HTMLInputElement | HTMLSelectElement | HTMLTextAreaElement;

function inputFor(directory: Directory, property: Property, value: string): Input {
  const options = choices(directory, property);
  if (options) {
    const entries = [{ value: '', label: '' }, ...options].map((one) =>
      h('option', { value: one.value, selected: one.value === value }, one.label),
    );
    return h('select', {}, ...entries) as HTMLSelectElement;
  }
  if (property.fieldType === 'textarea') return h('textarea', { rows: '4' }, value) as HTMLTextAreaElement;
  const type = property.type === 'datetime' || property.type === 'date' ? 'date' : 'text';
  const inputmode = property.type === 'number' ? 'decimal' : undefined;
  return h('input', { type, inputmode, value: type === 'date' ? value.slice(0, 10) : value }) as HTMLInputElement;
}

function valueOf(property: Property, value: string): string {
  return property.type === 'datetime' && value !== '' ? `${value}T00:00:00Z` : value;
}
