import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CrmApi, RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import type { Gate } from '../../protocol/ports/gate.ts';

export type CrmFault = 'busy' | 'server_error' | 'lost_answer' | 'lost_answer_of_delete' | 'expired_token' | 'revoked';

/** One account of a vendor, and what a test must know of it. */
export interface CrmBench {
  /** A new API with nothing remembered. */
  open(gate: Gate): CrmApi;
  /** An object with rows, its unique field for our id, and two text fields of it. */
  object: string;
  idField: string;
  text: [string, string];
  /** Fields of a new row that the vendor refuses, and the field it names. */
  refused: { fields: VendorFields; field: string };
  /** A field with limited values. */
  option: { object: string; field: string; value: string };
  /** A pseudo-field that holds a set of other rows. */
  edges: { object: string; fields: VendorFields; field: string; peer: { object: string; fields: VendorFields } };
  /** Ids and names that are well formed and do not exist. */
  absent: { id: string; object: string; field: string };
  /** The rows of one batch to the vendor. */
  batchSize: number;
  /** Hits the next call of the app; `revoked` lasts. */
  fault(name: CrmFault): Promise<void>;
  /** What a person does in the CRM. */
  edit(object: string, id: string, fields: VendorFields): Promise<void>;
  /** Adds an element to the set of `edges`. */
  addPeer(id: string, peer: string): Promise<void>;
  remove(object: string, id: string): Promise<void>;
  /** A person merges `loser` into `master`; answers the id of the row that both are now. */
  merge(object: string, master: string, loser: string): Promise<string>;
  stop(): Promise<void>;
}

export const purpose: Purpose = { lane: 'interactive', what: 'test' };

/** The account of one test, with an API whose calls are seen. */
export class CrmTest {
  readonly bench: CrmBench;
  readonly api: CrmApi;
  /** What the gate was told. */
  calls: { endpoint: string; object: string; count: number; purpose: Purpose }[] = [];

  constructor(bench: CrmBench) {
    this.bench = bench;
    this.api = bench.open({
      call: (about, send) => {
        this.calls.push(about);
        return send(() => undefined);
      },
    });
  }

  newRow(fields: VendorFields, recordId: string = randomUUID()): RowWrite {
    return { recordId, externalId: null, fields, before: {} };
  }

  write(rows: readonly RowWrite[]): Promise<RowOutcome[]> {
    const { object, idField, text } = this.bench;
    return this.api.write(object, idField, rows, text, purpose);
  }

  async create(fields: VendorFields, recordId: string = randomUUID()): Promise<string> {
    return idOf((await this.write([this.newRow(fields, recordId)]))[0]);
  }

  async read(id: string, fields: readonly string[] = this.bench.text): Promise<VendorFields> {
    const { rows } = await this.api.read(this.bench.object, [id], fields, purpose);
    assert.equal(rows.length, 1);
    return rows[0]?.fields ?? {};
  }
}

export function idOf(outcome: RowOutcome | undefined): string {
  assert.equal(outcome?.status, 'ok', outcome?.status === 'failed' ? String(outcome.error) : 'no outcome');
  return outcome.status === 'ok' ? outcome.externalId : '';
}

/** Replaces `#` in texts, for fields whose values must differ. */
export function unique(fields: VendorFields): VendorFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('#', randomUUID().slice(0, 8)) : value,
    ]),
  );
}
