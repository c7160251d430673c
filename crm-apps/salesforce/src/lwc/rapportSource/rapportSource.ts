import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/rapportLabels';

/** A link to the page that something is cited from. */
export default class RapportSource extends LightningElement {
  @api address: string | null = null;
  /** What is cited, for screen readers. */
  @api subject = '';
  /** What the link says; without it, that it is the source. */
  @api text: string | null = null;

  /** Only web addresses become links: a model's text could name any scheme. */
  get href(): string | undefined {
    return this.address && /^https?:\/\//i.test(this.address) ? this.address : undefined;
  }

  get label(): string {
    return this.text ?? labels.source;
  }

  get spoken(): string {
    return fill(labels.sourceOf, this.subject);
  }
}
