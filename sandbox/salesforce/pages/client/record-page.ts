import type { Api, FieldDescribe, Row } from './api.ts';
import { mountComponents } from './component-host.ts';
import { Details } from './details.ts';
import { h } from '../../../kit/browser/dom.ts';
import { textOf } from './format.ts';
import { highlights } from './highlights.ts';
import { stagePath } from './path.ts';
import { pollWhileVisible } from '../../../kit/browser/poll.ts';
import { loadRelated, relatedLists } from './related.ts';
import { redraw } from '../../../kit/browser/redraw.ts';
import { toast } from '../../../kit/browser/toast.ts';

const POLL_PAUSE_MS = 1_000;
/** Related rows change without the opportunity: read every so many polls. */
const RELATED_EVERY_POLLS = 4;

/** The record page: highlights and path above, details and related lists beside the project's own components. */
export async function showRecord(page: HTMLElement, api: Api, recordId: string): Promise<void> {
  const fields = await api.fields('Opportunity');
  const row = await api.row('Opportunity', recordId);
  const top = h('div', {});
  const related = h('div', { class: 'related' });
  const components = h('aside', { class: 'components', 'aria-label': 'Components' });
  const events = new EventTarget();
  const view = new RecordView(api, fields, row, top, related, events);
  page.replaceChildren(
    top,
    h('div', { class: 'columns' }, h('div', { class: 'column' }, view.details.element, related), components),
  );
  view.render();
  await view.readRelated();
  events.addEventListener('recordchange', () => void view.readAgain());
  void mountComponents(components, api, 'Opportunity', row.Id, events);
  let polls = 0;
  pollWhileVisible(POLL_PAUSE_MS, async () => {
    await view.noticeChange();
    polls += 1;
    if (polls % RELATED_EVERY_POLLS === 0) await view.readRelated();
  });
}

class RecordView {
  readonly details: Details;
  readonly #api: Api;
  readonly #fields: FieldDescribe[];
  readonly #top: HTMLElement;
  readonly #related: HTMLElement;
  readonly #events: EventTarget;
  #row: Row;
  #relatedShown = '';
  #accountName = '';
  #path: { stage: string; element: HTMLElement } | undefined;

  constructor(
    api: Api,
    fields: FieldDescribe[],
    row: Row,
    top: HTMLElement,
    related: HTMLElement,
    events: EventTarget,
  ) {
    this.#api = api;
    this.#fields = fields;
    this.#row = row;
    this.#top = top;
    this.#related = related;
    this.#events = events;
    this.details = new Details(fields, row, (changes) => this.#save(changes));
  }

  render(): void {
    document.title = `${textOf(this.#row['Name'])} | Salesforce (stand-in)`;
    const stages = this.#fields.find(({ name }) => name === 'StageName')?.picklistValues ?? [];
    const current = textOf(this.#row['StageName']);
    // A stage that somebody has chosen but not confirmed yet stays chosen while other fields change.
    if (this.#path?.stage !== current) {
      const element = stagePath(stages, current, (stage) => this.#save({ StageName: stage }));
      this.#path = { stage: current, element };
    }
    const { element } = this.#path;
    redraw(this.#top, () => this.#top.replaceChildren(highlights(this.#row, this.#accountName), element));
    this.details.show(this.#row);
  }

  /** Reads the record and shows it, if somebody changed it since. */
  async noticeChange(): Promise<void> {
    const row = await this.#api.row('Opportunity', this.#row.Id);
    // Not the stamp alone: it has whole seconds, in which there may be two changes.
    if (JSON.stringify(row) === JSON.stringify(this.#row)) return;
    this.#events.dispatchEvent(new CustomEvent('recordchange', { detail: row.Id }));
  }

  async readAgain(): Promise<void> {
    const row = await this.#api.row('Opportunity', this.#row.Id);
    if (JSON.stringify(row) === JSON.stringify(this.#row)) return;
    this.#row = row;
    this.render();
    await this.readRelated();
  }

  async readRelated(): Promise<void> {
    const related = await loadRelated(this.#api, this.#row);
    const now = JSON.stringify(related);
    if (now === this.#relatedShown) return;
    this.#relatedShown = now;
    this.#related.replaceChildren(...relatedLists(related));
    this.#accountName = textOf(related.account?.['Name']);
    this.render();
  }

  async #save(changes: Record<string, unknown>): Promise<void> {
    await this.#api.update('Opportunity', this.#row.Id, changes);
    toast({ title: 'Opportunity was saved.', type: 'success' });
    this.#events.dispatchEvent(new CustomEvent('recordchange', { detail: this.#row.Id }));
  }
}
