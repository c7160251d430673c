import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { CrmApi, Grant, Purpose, RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import { Gone, RapportError, Reconnect, Rejected, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import type { Gate } from '../../protocol/ports/gate.ts';

export type CrmFault = 'busy' | 'server_error' | 'lost_answer' | 'expired_token' | 'revoked';

/** One account of a vendor, and what a test must know of it. */
export interface CrmBench {
  /** A new API with nothing remembered. Grants it saves are kept in `saved`. */
  open(gate: Gate): CrmApi;
  saved: Grant[];
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
  remove(object: string, id: string): Promise<void>;
  stop(): Promise<void>;
}

const purpose: Purpose = { lane: 'interactive', what: 'test' };

/** What every CRM connector must do. `make` gives an account that nobody else changes. */
export function crmConnectorConformance(make: () => Promise<CrmBench>): void {
  let bench: CrmBench;
  let api: CrmApi;
  let calls: { endpoint: string; object: string; count: number; purpose: Purpose }[];

  beforeEach(async () => {
    bench = await make();
    calls = [];
    api = bench.open({
      call(about, send) {
        calls.push(about);
        return send(() => undefined);
      },
    });
  });
  afterEach(() => bench.stop());

  const newRow = (fields: VendorFields, recordId = randomUUID()): RowWrite => ({ recordId, externalId: null, fields });
  const write = (rows: RowWrite[], fields = bench.text as readonly string[]): Promise<RowOutcome[]> =>
    api.write(bench.object, bench.idField, rows, fields, purpose);
  const create = async (fields: VendorFields, recordId = randomUUID()): Promise<string> =>
    idOf((await write([newRow(fields, recordId)]))[0]);
  const read = async (id: string, fields: readonly string[] = bench.text): Promise<VendorFields> => {
    const { rows } = await api.read(bench.object, [id], fields, purpose);
    assert.equal(rows.length, 1);
    return rows[0]?.fields ?? {};
  };

  describe('write and read', () => {
    it('creates a row as an upsert on our id, so that a repeat creates nothing', async () => {
      const [first] = bench.text;
      const recordId = randomUUID();
      const id = await create({ [first]: 'Conformance' }, recordId);
      assert.equal(await create({ [first]: 'Conformance 2' }, recordId), id);
      assert.deepEqual(await read(id, [first]), { [first]: 'Conformance 2' });
      const byRecord = await api.readByRecordId(
        bench.object,
        bench.idField,
        [recordId, randomUUID()],
        [first],
        purpose,
      );
      assert.deepEqual(
        byRecord.map((row) => [row.externalId, row.fields[bench.idField], row.fields[first]]),
        [[id, recordId, 'Conformance 2']],
      );
    });

    it('changes only what is named, and clears with null', async () => {
      const [first, second] = bench.text;
      const id = await create({ [first]: 'One', [second]: '555' });
      const [changed] = await write([{ recordId: randomUUID(), externalId: id, fields: { [first]: 'Two' } }]);
      assert.equal(changed?.status, 'ok');
      assert.deepEqual(await read(id), { [first]: 'Two', [second]: '555' });
      await write([{ recordId: randomUUID(), externalId: id, fields: { [second]: null } }]);
      assert.deepEqual(await read(id), { [first]: 'Two', [second]: null });
    });

    it('shows a row in the outcome only when it is complete', async () => {
      const [first, second] = bench.text;
      const id = await create({ [first]: 'One', [second]: '555' });
      const [outcome] = await write([{ recordId: randomUUID(), externalId: id, fields: { [first]: 'Two' } }]);
      assert.equal(outcome?.status, 'ok');
      if (outcome?.status === 'ok' && outcome.row) assert.deepEqual(outcome.row.fields, await read(id));
    });

    it('gives one outcome a row, in order, and a refused row stops no other', async () => {
      const [first] = bench.text;
      const bad = newRow(bench.refused.fields);
      const outcomes = await write([newRow({ [first]: 'A' }), bad, newRow({ [first]: 'B' })]);
      assert.deepEqual(
        outcomes.map((one) => one.status),
        ['ok', 'failed', 'ok'],
      );
      const error = outcomes[1]?.status === 'failed' ? outcomes[1].error : undefined;
      assert.ok(error instanceof Rejected, String(error));
      assert.equal(error.field, bench.refused.field);
      assert.notEqual(error.message, '');
      assert.deepEqual(await read(idOf(outcomes[2])), { ...(await read(idOf(outcomes[2]))), [first]: 'B' });
    });

    it('names a field that the account does not have, and takes the other rows', async () => {
      const [first] = bench.text;
      const outcomes = await write([newRow({ [first]: 'A', [bench.absent.field]: 'x' }), newRow({ [first]: 'B' })]);
      const error = outcomes[0]?.status === 'failed' ? outcomes[0].error : undefined;
      assert.ok(error instanceof Rejected, String(error));
      assert.equal(error.field, bench.absent.field);
      assert.equal(outcomes[1]?.status, 'ok');
    });

    it('splits more rows than a batch takes, in few calls', async () => {
      const [first] = bench.text;
      const many = Array.from({ length: bench.batchSize + 30 }, (_, at) => newRow({ [first]: `Row ${at}` }));
      await api.describe(bench.object);
      calls = [];
      const outcomes = await write(many);
      assert.equal(calls.length, 2, JSON.stringify(calls));
      assert.equal(
        calls.reduce((sum, one) => sum + one.count, 0),
        many.length,
      );
      const ids = outcomes.map(idOf);
      assert.equal(new Set(ids).size, many.length);
      const { rows, missing } = await api.read(bench.object, [...ids, bench.absent.id], [first], purpose);
      assert.deepEqual(missing, [bench.absent.id]);
      assert.deepEqual(
        rows.map((row) => [row.externalId, row.fields[first]]),
        ids.map((id, at) => [id, `Row ${at}`]),
      );
    });

    it('says Gone of a row that is not there, and does nothing for no rows', async () => {
      const [outcome] = await write([
        { recordId: randomUUID(), externalId: bench.absent.id, fields: { [bench.text[0]]: 'x' } },
      ]);
      assert.ok(outcome?.status === 'failed' && outcome.error instanceof Gone, JSON.stringify(outcome));
      calls = [];
      assert.deepEqual(await write([]), []);
      assert.deepEqual(await api.read(bench.object, [], bench.text, purpose), { rows: [], missing: [] });
      assert.deepEqual(calls, []);
    });

    it('leaves a field absent that cannot be read, and never makes it null', async () => {
      const id = await create({ [bench.text[0]]: 'A' });
      const fields = await read(id, [bench.text[0], bench.absent.field]);
      assert.deepEqual(fields, { [bench.text[0]]: 'A' });
    });

    it('shows a deleted row as archived, or as missing', async () => {
      const id = await create({ [bench.text[0]]: 'Soon gone' });
      await bench.remove(bench.object, id);
      const { rows, missing } = await api.read(bench.object, [id], bench.text, purpose);
      assert.deepEqual([rows.map((row) => row.archived), missing], rows.length > 0 ? [[true], []] : [[], [id]]);
    });

    it('writes and reads a set of other rows, element by element', async () => {
      const { object, fields, field, peer } = bench.edges;
      const idField = bench.idField;
      const make = async (what: { object: string; fields: VendorFields }): Promise<string> =>
        idOf((await api.write(what.object, idField, [newRow(unique(what.fields))], [], purpose))[0]);
      const id = await make({ object, fields });
      const [a, b, c] = [await make(peer), await make(peer), await make(peer)];
      const put = async (peers: string[]): Promise<unknown> => {
        const row = { recordId: randomUUID(), externalId: id, fields: { [field]: peers } };
        const [outcome] = await api.write(object, idField, [row], [field], purpose);
        assert.equal(outcome?.status, 'ok', JSON.stringify(outcome));
        return (await api.read(object, [id], [field], purpose)).rows[0]?.fields[field];
      };
      assert.deepEqual(await put([a, b]), [a, b].toSorted());
      assert.deepEqual(await put([b, c]), [b, c].toSorted());
      assert.deepEqual(await put([]), []);
      const lost = { recordId: randomUUID(), externalId: id, fields: { [field]: [a, bench.absent.id] } };
      const [outcome] = await api.write(object, idField, [lost], [field], purpose);
      assert.ok(outcome?.status === 'failed' && outcome.error instanceof Rejected, JSON.stringify(outcome));
      assert.equal(outcome.error.field, field);
    });
  });

  describe('list and changedSince', () => {
    it('lists every live row once', async () => {
      const ids = (await write([newRow({ [bench.text[0]]: 'A' }), newRow({ [bench.text[0]]: 'B' })])).map(idOf);
      await bench.remove(bench.object, ids[1] ?? '');
      const listed: string[] = [];
      let after: string | undefined;
      do {
        const page = await api.list(bench.object, after, purpose);
        listed.push(...page.rows.map((row) => row.externalId));
        assert.ok(page.rows.every((row) => row.stamp_ms > 0));
        after = page.next;
      } while (after !== undefined);
      assert.equal(new Set(listed).size, listed.length);
      assert.deepEqual([listed.includes(ids[0] ?? ''), listed.includes(ids[1] ?? '')], [true, false]);
    });

    it('finds changes in order of stamp and id, and goes on behind the last one', async () => {
      const many = Array.from({ length: 230 }, (_, at) => newRow({ [bench.text[0]]: `Row ${at}` }));
      const ids = new Set((await write(many)).map(idOf));
      const found: string[] = [];
      let since = { stamp_ms: Date.now() - 86_400_000, id: '' };
      for (let page = 0, more = true; more; page += 1) {
        assert.ok(page < 50, 'changedSince does not end');
        const answer = await api.changedSince(bench.object, since, purpose);
        for (const row of answer.rows) {
          assert.ok(row.stamp_ms >= since.stamp_ms);
          since = { stamp_ms: row.stamp_ms, id: row.externalId };
          found.push(row.externalId);
        }
        more = answer.more;
      }
      assert.equal(new Set(found).size, found.length);
      assert.deepEqual(
        [...ids].filter((id) => !found.includes(id)),
        [],
      );
      const [edited] = ids;
      await bench.edit(bench.object, edited ?? '', { [bench.text[1]]: '777' });
      const after = await api.changedSince(bench.object, { ...since, id: '' }, purpose);
      assert.ok(after.rows.some((row) => row.externalId === edited));
    });
  });

  describe('describe and people', () => {
    it('describes the fields of an object', async () => {
      const found = await api.describe(bench.object);
      const field = found?.fields[bench.text[0]];
      assert.equal(found?.object, bench.object);
      assert.equal(field?.writable, true);
      assert.notEqual(field?.label, '');
      assert.equal(found?.fields[bench.absent.field], undefined);
      const option = (await api.describe(bench.option.object))?.fields[bench.option.field];
      assert.ok(
        option?.options?.some((one) => one.value === bench.option.value),
        JSON.stringify(option),
      );
      const edge = (await api.describe(bench.edges.object))?.fields[bench.edges.field];
      assert.equal(edge?.writable, true);
    });

    it('says undefined of an object that is not there', async () => {
      assert.equal(await api.describe(bench.absent.object), undefined);
    });

    it('gives people with names and addresses', async () => {
      const people = await api.people();
      assert.ok(people.length > 0);
      for (const one of people) assert.ok(one.userId && one.ownerId && one.name && one.email, JSON.stringify(one));
    });
  });

  describe('errors', () => {
    const failedWith = async (row: RowWrite): Promise<Error | undefined> => {
      const [outcome] = await write([row]);
      return outcome?.status === 'failed' ? outcome.error : undefined;
    };

    it('asks for a later try when the vendor is busy', async () => {
      const id = await create({ [bench.text[0]]: 'A' });
      await bench.fault('busy');
      await assert.rejects(read(id), (error) => error instanceof RetryLater && error.retryAt_ms > Date.now());
      await bench.fault('busy');
      const error = await failedWith(newRow({ [bench.text[0]]: 'B' }));
      assert.ok(error instanceof RetryLater, String(error));
    });

    it('asks for a later read after a server error, and calls a write uncertain', async () => {
      const id = await create({ [bench.text[0]]: 'A' });
      await bench.fault('server_error');
      await assert.rejects(read(id), RetryLater);
      await bench.fault('server_error');
      const error = await failedWith(newRow({ [bench.text[0]]: 'B' }));
      assert.ok(error instanceof Uncertain, String(error));
    });

    it('calls a write uncertain whose answer was lost, and our id finds what it did', async () => {
      await create({ [bench.text[0]]: 'Warm' });
      const row = newRow({ [bench.text[0]]: 'Lost' });
      await bench.fault('lost_answer');
      const error = await failedWith(row);
      assert.ok(error instanceof Uncertain, String(error));
      const found = await api.readByRecordId(bench.object, bench.idField, [row.recordId], bench.text, purpose);
      assert.deepEqual(
        found.map((one) => one.fields[bench.text[0]]),
        ['Lost'],
      );
    });

    it('gets a new token once when the old one is refused, for many calls at a time', async () => {
      const id = await create({ [bench.text[0]]: 'A' });
      await bench.fault('expired_token');
      calls = [];
      await Promise.all([read(id), read(id), read(id)]);
      assert.equal(calls.filter((one) => one.endpoint === 'oauth').length, 1);
    });

    it('asks to connect again when the grant was taken back, without a storm', async () => {
      const id = await create({ [bench.text[0]]: 'A' });
      await bench.fault('revoked');
      calls = [];
      await assert.rejects(read(id), Reconnect);
      assert.ok(calls.length <= 3, JSON.stringify(calls));
      const error = await failedWith(newRow({ [bench.text[0]]: 'B' }));
      assert.ok(error instanceof Reconnect, String(error));
    });

    it("keeps the vendor's own error as the cause", async () => {
      const error = await failedWith(newRow(bench.refused.fields));
      assert.ok(error instanceof RapportError && error.cause !== undefined);
    });

    it('lets a refusal of the gate through, and makes no call', async () => {
      const refusal = new RetryLater('no budget', Date.now() + 1000);
      const closed = bench.open({ call: () => Promise.reject(refusal) });
      await assert.rejects(closed.read(bench.object, [bench.absent.id], bench.text, purpose), refusal);
    });

    it('tells the gate what each call is about', async () => {
      await create({ [bench.text[0]]: 'A' });
      for (const call of calls) assert.ok(call.object && call.count > 0 && call.purpose.what, JSON.stringify(call));
    });
  });
}

function idOf(outcome: RowOutcome | undefined): string {
  assert.equal(outcome?.status, 'ok', outcome?.status === 'failed' ? String(outcome.error) : 'no outcome');
  return outcome.status === 'ok' ? outcome.externalId : '';
}

/** Replaces `#` in texts, for fields whose values must differ. */
function unique(fields: VendorFields): VendorFields {
  return Object.fromEntries(
    Object.entries(fields).map(([name, value]) => [
      name,
      typeof value === 'string' ? value.replace('#', randomUUID().slice(0, 8)) : value,
    ]),
  );
}
