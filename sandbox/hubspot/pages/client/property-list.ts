import { h } from '../../../kit/browser/dom.ts';
import type { CrmObject, Property } from './api.ts';
import type { Directory } from './directory.ts';
import { show } from './format.ts';
import { propertyEditor } from './property-editor.ts';

const FLASH_MS = 2_000;

/** What Rapport writes is shown as an admin would have set it up: by field permissions, people only read it. */
const isReadOnly = ({ modificationMetadata, groupName }: Property): boolean =>
  modificationMetadata?.readOnlyValue === true || groupName === 'rapport';

/** The deal's properties, each editable in its place. `update` shows a newer deal and marks what changed. */
export class PropertyList {
  readonly element = h('dl', { class: 'properties' });
  readonly #directory: Directory;
  readonly #names: readonly string[];
  readonly #save: (name: string, value: string) => Promise<void>;
  #deal: CrmObject;
  #editing: string | undefined;

  constructor(
    directory: Directory,
    names: readonly string[],
    deal: CrmObject,
    save: (name: string, value: string) => Promise<void>,
  ) {
    this.#directory = directory;
    this.#names = names.filter((name) => directory.properties.has(name));
    this.#deal = deal;
    this.#save = save;
    this.element.append(...this.#names.map((name) => this.#row(name)));
  }

  update(deal: CrmObject): void {
    const before = this.#deal;
    this.#deal = deal;
    for (const name of this.#names) {
      // A form that a person is filling in stays as it is.
      if (name === this.#editing || before.properties[name] === deal.properties[name]) continue;
      const row = this.#redraw(name);
      row.classList.add('changed');
      setTimeout(() => row.classList.remove('changed'), FLASH_MS);
    }
  }

  #row(name: string): HTMLElement {
    const property = this.#directory.properties.get(name)!;
    const value = show(this.#directory, property, this.#deal);
    const cell = h('dd', {});
    if (this.#editing === name) {
      cell.append(
        propertyEditor(this.#directory, property, this.#deal, {
          save: async (changed) => {
            await this.#save(name, changed);
            this.#edit(undefined, name);
          },
          cancel: () => this.#edit(undefined, name),
        }),
      );
    } else if (isReadOnly(property)) {
      cell.append(value || '–');
    } else {
      const label = `Edit ${property.label}: ${value || 'empty'}`;
      cell.append(
        h(
          'button',
          { type: 'button', class: 'value', 'aria-label': label, onclick: () => this.#edit(name, name) },
          value || '–',
        ),
      );
    }
    return h('div', { class: 'property', 'data-property': name }, h('dt', {}, property.label), cell);
  }

  #redraw(name: string): HTMLElement {
    const row = this.#row(name);
    this.element.querySelector(`[data-property="${name}"]`)?.replaceWith(row);
    return row;
  }

  #edit(editing: string | undefined, name: string): void {
    const other = this.#editing;
    this.#editing = editing;
    if (other && other !== name) this.#redraw(other);
    const row = this.#redraw(name);
    if (!editing) row.querySelector('button')?.focus();
  }
}
