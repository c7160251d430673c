import type { Field, Kind, Side } from './objects.ts';

/** A row that a person works on: in both CRMs from the start, or made by them in one and known by its unique name. */
export interface Subject {
  kind: Kind;
  /** Our record's id, where it is known. */
  recordId?: string;
  hubspot?: string;
  salesforce?: string;
  /** The unique value of a row that was made. */
  madeAs?: string;
}

/** What was written to one field of one row, as the CRMs acknowledged it. */
export interface Entry {
  subject: Subject;
  field: Field;
  /** The last acknowledged value by side since the last rest. */
  last: Partial<Record<Side, string>>;
  /** What both sides had when they were last at rest. */
  agreed?: string;
}

/** Everything that the CRMs acknowledged to people, and that must therefore never be lost. */
export class Ledger {
  readonly #entries = new Map<Subject, Map<string, Entry>>();
  readonly made: Subject[] = [];
  edits = 0;

  /** One acknowledged edit. */
  wrote(subject: Subject, field: Field, side: Side, value: string): void {
    this.edits += 1;
    this.#entry(subject, field).last[side] = value;
  }

  /** One acknowledged create. */
  created(subject: Subject): void {
    this.made.push(subject);
    this.#entries.set(subject, this.#entries.get(subject) ?? new Map());
  }

  entries(): Entry[] {
    return [...this.#entries.values()].flatMap((fields) => [...fields.values()]);
  }

  /** At rest, after a check: what both sides have now is what they must go on having. */
  settle(agreedOf: (entry: Entry) => string): void {
    for (const entry of this.entries()) {
      entry.agreed = agreedOf(entry);
      entry.last = {};
    }
  }

  #entry(subject: Subject, field: Field): Entry {
    const fields = this.#entries.get(subject) ?? new Map<string, Entry>();
    this.#entries.set(subject, fields);
    const entry = fields.get(field.name) ?? { subject, field, last: {} };
    fields.set(field.name, entry);
    return entry;
  }
}
