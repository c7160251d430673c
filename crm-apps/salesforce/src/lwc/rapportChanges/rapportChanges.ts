import { LightningElement, api } from 'lwc';
import { formatValue } from 'c/rapportFormat';
import { fill, labels } from 'c/rapportLabels';
import { term } from 'c/rapportTerms';
import type { Change } from '../../../types/deal-view';

interface ChangeLine {
  id: string;
  at: string;
  field: string;
  /** Undefined where it is no news. */
  before: string | undefined;
  beforeClass: string;
  after: string;
  author: string;
}

/** What Rapport writes itself, anew each time: what stood there before is no news. */
const OWN_TEXTS: ReadonlySet<string> = new Set(['researchSummary', 'researchedAt']);

/** The last changes over both CRMs, each with the one who really made it. */
export default class RapportChanges extends LightningElement {
  @api changes!: Change[];

  labels = labels;

  get lines(): ChangeLine[] {
    return this.changes.map((change) => ({
      id: change.id,
      at: change.at,
      field: term('field', change.field),
      before: OWN_TEXTS.has(change.field) ? undefined : this.shown(change.field, change.before),
      beforeClass: change.before ? 'before' : 'slds-text-color_weak',
      after: change.field === 'researchSummary' ? labels.rewritten : this.shown(change.field, change.after),
      author: this.author(change),
    }));
  }

  get empty(): boolean {
    return this.changes.length === 0;
  }

  private shown(field: string, value: string | null): string {
    return value === null || value === '' ? labels.empty : formatValue(field, value);
  }

  private author({ author, vendor }: Change): string {
    if (author.kind === 'rapport') return author.name;
    const byAutomation = author.kind === 'automation';
    const text = byAutomation && author.name ? labels.byAutomation : labels.by;
    return fill(text, author.name || (byAutomation ? labels.automation : labels.someone), term('vendor', vendor));
  }
}
