import { LightningElement, api } from 'lwc';

/** An ISO instant in the user's language and time zone, to the minute. */
export default class RapportTime extends LightningElement {
  @api value: string | null = null;
  @api withYear = false;
  @api withSeconds = false;

  get year(): string | undefined {
    return this.withYear ? 'numeric' : undefined;
  }

  get second(): string | undefined {
    return this.withSeconds ? '2-digit' : undefined;
  }
}
