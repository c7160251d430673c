import type { FieldDescribe, Row } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { redraw } from '../../../kit/browser/redraw.ts';
import { formatField } from './format.ts';
import { changedValue, fieldInput } from './field-input.ts';

/** The page layout: fields in reading order; what the org does not have is left out. */
const layout = [
  'Name',
  'StageName',
  'Amount',
  'CurrencyIsoCode',
  'CloseDate',
  'NextStep',
  'Probability',
  'Type',
  'LeadSource',
  'Description',
  'Rapport_Researched_At__c',
  'Rapport_Research_Summary__c',
  'Rapport_Id__c',
  'LastModifiedDate',
];

/** Moments are set by what they record, not by hand; the permission set for reps lets them only read what Rapport writes. */
function isEditable(field: FieldDescribe): boolean {
  return field.updateable && field.type !== 'datetime' && !field.name.startsWith('Rapport_');
}

/** The fields, each editable in place. Edits are kept while somebody else changes the record, and only they are saved. */
export class Details {
  readonly element = h('section', { class: 'card details', 'aria-label': 'Details' });
  readonly #fields: FieldDescribe[];
  readonly #save: (changes: Record<string, unknown>) => Promise<void>;
  #row: Row;
  #editing = false;

  constructor(fields: FieldDescribe[], row: Row, save: (changes: Record<string, unknown>) => Promise<void>) {
    this.#fields = layout
      .map((name) => fields.find((field) => field.name === name))
      .filter((field) => field !== undefined);
    this.#row = row;
    this.#save = save;
  }

  show(row: Row): void {
    if (this.#editing) return;
    this.#row = row;
    redraw(this.element, () =>
      this.element.replaceChildren(
        h('h2', {}, 'Details'),
        h('dl', { class: 'fields' }, ...this.#fields.map((field) => this.#shown(field))),
      ),
    );
  }

  #shown(field: FieldDescribe): HTMLElement {
    const value = formatField(field, this.#row);
    const edit = h(
      'button',
      {
        type: 'button',
        class: 'pencil',
        'data-key': field.name,
        'aria-label': `Edit ${field.label}`,
        onclick: () => this.#edit(field.name),
      },
      '✎',
    );
    return h(
      'div',
      { class: field.type === 'textarea' ? 'field field_wide' : 'field' },
      h('dt', {}, field.label),
      h('dd', {}, h('span', { class: 'value' }, value), isEditable(field) ? edit : undefined),
    );
  }

  #edit(focusName: string): void {
    this.#editing = true;
    const editable = this.#fields.filter(isEditable);
    const inputs = new Map(editable.map((field) => [field, fieldInput(field, this.#row)]));
    const fault = h('p', { class: 'error', role: 'alert' });
    const submit = async (): Promise<void> => {
      const changes: Record<string, unknown> = {};
      for (const [field, input] of inputs) {
        const value = changedValue(field, input, this.#row);
        if (value !== undefined) changes[field.name] = value;
      }
      try {
        if (Object.keys(changes).length > 0) await this.#save(changes);
        this.#close(focusName);
      } catch (error) {
        fault.textContent = error instanceof Error ? error.message : String(error);
      }
    };
    const form = h(
      'form',
      {
        class: 'edit',
        onsubmit: (event) => {
          event.preventDefault();
          void submit();
        },
        onkeydown: (event) => {
          if ((event as KeyboardEvent).key === 'Escape') this.#close(focusName);
        },
      },
      ...[...inputs].map(([field, input]) =>
        h(
          'label',
          { class: field.type === 'textarea' ? 'field field_wide' : 'field' },
          h('span', {}, field.label),
          input,
        ),
      ),
      fault,
      h(
        'div',
        { class: 'edit__buttons' },
        h('button', { type: 'button', onclick: () => this.#close(focusName) }, 'Cancel'),
        h('button', { type: 'submit', class: 'brand' }, 'Save'),
      ),
    );
    this.element.replaceChildren(h('h2', {}, 'Details'), form);
    form.querySelector<HTMLElement>(`[name=${focusName}]`)?.focus();
  }

  /** Ends editing; what changed meanwhile elsewhere comes with the next read of the record. */
  #close(focusName: string): void {
    this.#editing = false;
    this.show(this.#row);
    this.element.querySelector<HTMLElement>(`[data-key=${focusName}]`)?.focus();
  }
}
