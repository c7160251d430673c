import { LightningElement, api } from 'lwc';
import { hourStyle } from 'c/rapportFormat';

/** An ISO instant in the user's language and time zone, to the minute. */
export default class RapportTime extends LightningElement {
  @api value: string | null = null;
  @api withYear = false;
  @api withSeconds = false;

  hour = hourStyle;

  get year(): string | undefined {
    return this.withYear ? 'numeric' : undefined;
  }

  get second(): string | undefined {
    return this.withSeconds ? '2-digit' : undefined;
  }
}
