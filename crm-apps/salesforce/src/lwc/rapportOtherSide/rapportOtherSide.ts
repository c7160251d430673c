import { LightningElement, api } from 'lwc';
import { fill, labels } from 'c/rapportLabels';
import { term } from 'c/rapportTerms';
import type { OtherSide } from '../../../types/deal-view';

/** The same deal in the other CRM: who owns it there, how far it is, when somebody last spoke to the client, what is next. */
export default class RapportOtherSide extends LightningElement {
  @api otherSide!: OtherSide;

  labels = labels;
  ownerLabel = term('field', 'owner');
  stageLabel = term('field', 'stage');
  nextStepLabel = term('field', 'nextStep');
  amountLabel = term('field', 'amount');

  private get vendor(): string {
    return term('vendor', this.otherSide.vendor);
  }

  get heading(): string {
    return fill(labels.otherSide, this.vendor);
  }

  get linked(): Extract<OtherSide, { state: 'linked' }> | undefined {
    return this.otherSide.state === 'linked' ? this.otherSide : undefined;
  }

  get message(): string {
    return fill(this.otherSide.state === 'pending' ? labels.pending : labels.unmatched, this.vendor);
  }

  get mailto(): string {
    return `mailto:${this.linked?.owner?.email}`;
  }

  get amount(): number | undefined {
    const amount = this.linked?.amount;
    return amount === null || amount === undefined ? undefined : Number(amount);
  }

  get hasAmount(): boolean {
    return this.amount !== undefined;
  }

  get amountStyle(): string {
    return this.linked?.currency ? 'currency' : 'decimal';
  }
}
