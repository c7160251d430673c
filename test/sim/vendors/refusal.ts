/** Why a CRM does not take a row: its own code, its own words, and the field where it names one. */
export class Refusal extends Error {
  readonly code: string;
  readonly field: string | undefined;
  /** The row that has the value already. */
  readonly holder: string | undefined;

  constructor(code: string, message: string, field?: string, holder?: string) {
    super(message);
    this.name = 'Refusal';
    this.code = code;
    this.field = field;
    this.holder = holder;
  }
}
