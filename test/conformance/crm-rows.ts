import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { RowOutcome } from '../../protocol/crm-connector.ts';
import { Gone, Rejected, Uncertain } from '../../protocol/errors.ts';
import type { VendorFields } from '../../protocol/fields.ts';
import { CrmTest, idOf, purpose, unique, type CrmBench } from './crm-bench.ts';

/** Reading and writing rows. */
export function crmRowsConformance(make: () => Promise<CrmBench>): void {
  let test: CrmTest;
  beforeEach(async () => {
    test = new CrmTest(await make());
  });
  afterEach(() => test.bench.stop());

  it('creates a row as an upsert on our id, so that a repeat creates nothing', async () => {
    const [first] = test.bench.text;
    const recordId = randomUUID();
    const id = await test.create({ [first]: 'Conformance' }, recordId);
    assert.equal(await test.create({ [first]: 'Conformance 2' }, recordId), id);
    assert.deepEqual(await test.read(id, [first]), { [first]: 'Conformance 2' });
    const byRecord = await test.api.readByRecordId(
      test.bench.object,
      test.bench.idField,
      [recordId, randomUUID()],
      [first],
      purpose,
    );
    assert.deepEqual(
      byRecord.map((row) => [row.externalId, row.fields[test.bench.idField], row.fields[first]]),
      [[id, recordId, 'Conformance 2']],
    );
  });

  it('changes only what is named, and clears with null', async () => {
    const [first, second] = test.bench.text;
    const id = await test.create({ [first]: 'One', [second]: '555' });
    const [changed] = await test.write([
      { recordId: randomUUID(), externalId: id, fields: { [first]: 'Two' }, before: {} },
    ]);
    assert.equal(changed?.status, 'ok');
    assert.deepEqual(await test.read(id), { [first]: 'Two', [second]: '555' });
    await test.write([{ recordId: randomUUID(), externalId: id, fields: { [second]: null }, before: {} }]);
    assert.deepEqual(await test.read(id), { [first]: 'Two', [second]: null });
  });

  it('shows a row in the outcome only when it is complete', async () => {
    const [first, second] = test.bench.text;
    const id = await test.create({ [first]: 'One', [second]: '555' });
    const [outcome] = await test.write([
      { recordId: randomUUID(), externalId: id, fields: { [first]: 'Two' }, before: {} },
    ]);
    assert.equal(outcome?.status, 'ok');
    if (outcome?.status === 'ok' && outcome.row) assert.deepEqual(outcome.row.fields, await test.read(id));
  });

  it('gives one outcome a row, in order, and a refused row stops no other', async () => {
    const [first] = test.bench.text;
    const bad = test.newRow(test.bench.refused.fields);
    const outcomes = await test.write([test.newRow({ [first]: 'A' }), bad, test.newRow({ [first]: 'B' })]);
    assert.deepEqual(
      outcomes.map((one) => one.status),
      ['ok', 'failed', 'ok'],
    );
    const error = outcomes[1]?.status === 'failed' ? outcomes[1].error : undefined;
    assert.ok(error instanceof Rejected, String(error));
    assert.equal(error.field, test.bench.refused.field);
    assert.notEqual(error.message, '');
    assert.deepEqual(await test.read(idOf(outcomes[2])), { ...(await test.read(idOf(outcomes[2]))), [first]: 'B' });
  });

  it('names a field that the account does not have, and takes the other rows', async () => {
    const [first] = test.bench.text;
    const outcomes = await test.write([
      test.newRow({ [first]: 'A', [test.bench.absent.field]: 'x' }),
      test.newRow({ [first]: 'B' }),
    ]);
    const error = outcomes[0]?.status === 'failed' ? outcomes[0].error : undefined;
    assert.ok(error instanceof Rejected, String(error));
    assert.equal(error.field, test.bench.absent.field);
    assert.equal(outcomes[1]?.status, 'ok');
  });

  it('splits more rows than a batch takes, in few calls', async () => {
    const [first] = test.bench.text;
    const many = Array.from({ length: test.bench.batchSize + 30 }, (_, at) => test.newRow({ [first]: `Row ${at}` }));
    await test.api.describe(test.bench.object);
    test.calls = [];
    const outcomes = await test.write(many);
    assert.equal(test.calls.length, 2, JSON.stringify(test.calls));
    assert.equal(
      test.calls.reduce((sum, one) => sum + one.count, 0),
      many.length,
    );
    const ids = outcomes.map(idOf);
    assert.equal(new Set(ids).size, many.length);
    const { rows, missing } = await test.api.read(test.bench.object, [...ids, test.bench.absent.id], [first], purpose);
    assert.deepEqual(missing, [test.bench.absent.id]);
    assert.deepEqual(
      rows.map((row) => [row.externalId, row.fields[first]]),
      ids.map((id, at) => [id, `Row ${at}`]),
    );
  });

  it('says Gone of a row that is not there, and does nothing for no rows', async () => {
    const [outcome] = await test.write([
      { recordId: randomUUID(), externalId: test.bench.absent.id, fields: { [test.bench.text[0]]: 'x' }, before: {} },
    ]);
    assert.ok(outcome?.status === 'failed' && outcome.error instanceof Gone, JSON.stringify(outcome));
    test.calls = [];
    assert.deepEqual(await test.write([]), []);
    assert.deepEqual(await test.api.read(test.bench.object, [], test.bench.text, purpose), { rows: [], missing: [] });
    assert.deepEqual(test.calls, []);
  });

  it('leaves a field absent that cannot be read, and never makes it null', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'A' });
    const fields = await test.read(id, [test.bench.text[0], test.bench.absent.field]);
    assert.deepEqual(fields, { [test.bench.text[0]]: 'A' });
  });

  it('shows a deleted row as archived, or as missing', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'Soon gone' });
    await test.bench.remove(test.bench.object, id);
    const { rows, missing } = await test.api.read(test.bench.object, [id], test.bench.text, purpose);
    assert.deepEqual([rows.map((row) => row.archived), missing], rows.length > 0 ? [[true], []] : [[], [id]]);
  });

  it('names the row that has a value which only one may have', async () => {
    const [first] = test.bench.text;
    const recordId = randomUUID();
    const holder = await test.create({ [first]: 'Holder' }, recordId);
    const other = await test.create({ [first]: 'Other' });
    const fields = { [test.bench.idField]: recordId };
    const [outcome] = await test.write([{ recordId: randomUUID(), externalId: other, fields, before: {} }]);
    const error = outcome?.status === 'failed' ? outcome.error : undefined;
    assert.ok(error instanceof Rejected, String(error));
    assert.deepEqual([error.code, error.existingId], ['duplicate', holder]);
  });

  it('deletes rows into the recycle bin, one outcome each; what is gone already is done', async () => {
    const [first] = test.bench.text;
    const ids = [await test.create({ [first]: 'A' }), await test.create({ [first]: 'B' })];
    const stays = await test.create({ [first]: 'C' });
    await test.bench.remove(test.bench.object, ids[0] ?? '');
    const outcomes = await test.api.archive?.(test.bench.object, ids, purpose);
    assert.deepEqual(outcomes, [{ status: 'ok' }, { status: 'ok' }]);
    const { rows } = await test.api.read(test.bench.object, [...ids, stays], [first], purpose);
    assert.deepEqual(
      rows.map((row) => [row.externalId, row.archived]),
      [
        [ids[0], true],
        [ids[1], true],
        [stays, false],
      ],
    );
    assert.deepEqual(await test.api.archive?.(test.bench.object, [], purpose), []);
    await test.bench.fault('lost_answer_of_delete');
    const [lost] = (await test.api.archive?.(test.bench.object, [stays], purpose)) ?? [];
    assert.ok(lost?.status === 'failed' && lost.error instanceof Uncertain, JSON.stringify(lost));
  });

  it('shows of a merged row which one it ended in, after further merges the last; asked together, each for itself', async () => {
    const [first] = test.bench.text;
    const { object } = test.bench;
    const ids = [await test.create({ [first]: 'A' }), await test.create({ [first]: 'B' })];
    const other = await test.create({ [first]: 'Beside' });
    const survivor = await test.bench.merge(object, ids[0] ?? '', ids[1] ?? '');
    const losers = ids.filter((id) => id !== survivor);
    assert.ok(losers.length > 0);
    const { rows, missing } = await test.api.read(object, [...losers, survivor, other], [first], purpose);
    assert.deepEqual(missing, []);
    const seen = rows.map((row) => [row.externalId, row.archived, row.mergedInto]);
    const ended = losers.map((id) => [id, true, survivor]);
    assert.deepEqual(seen, [...ended, [survivor, false, undefined], [other, false, undefined]]);
    assert.equal(rows.find((row) => row.externalId === survivor)?.fields[first], 'A');
    const told = rows.flatMap((row) => (row.archived ? [] : (row.mergedFrom ?? [])));
    assert.ok(told.every((id) => losers.includes(id)));

    const alone = await test.api.read(object, [losers[0] ?? ''], [first], purpose);
    assert.deepEqual(
      alone.rows.map((row) => [row.externalId, row.mergedInto]),
      [[losers[0], survivor]],
    );
    const last = await test.bench.merge(object, survivor, other);
    const again = await test.api.read(object, [other], [first], purpose);
    assert.equal(again.rows[0]?.mergedInto, last);
  });

  describe('a set of other rows', () => {
    let id: string;
    let peers: [string, string, string, string];
    const make = async (what: { object: string; fields: VendorFields }): Promise<string> => {
      const rows = [test.newRow(unique(what.fields))];
      return idOf((await test.api.write(what.object, test.bench.idField, rows, [], purpose))[0]);
    };
    beforeEach(async () => {
      const { peer, ...edges } = test.bench.edges;
      id = await make(edges);
      peers = [await make(peer), await make(peer), await make(peer), await make(peer)];
    });
    const put = async (from: string[], to: string[]): Promise<RowOutcome | undefined> => {
      const { object, field } = test.bench.edges;
      const row = { recordId: randomUUID(), externalId: id, fields: { [field]: to }, before: { [field]: from } };
      return (await test.api.write(object, test.bench.idField, [row], [field], purpose))[0];
    };
    const holds = async (expected: string[]): Promise<void> => {
      const { object, field } = test.bench.edges;
      const { rows } = await test.api.read(object, [id], [field], purpose);
      assert.deepEqual(rows[0]?.fields[field], expected.toSorted());
    };

    it('is written and read element by element', async () => {
      const [a, b, c] = peers;
      idOf(await put([], [a, b]));
      await holds([a, b]);
      idOf(await put([a, b], [b, c]));
      await holds([b, c]);
      idOf(await put([b, c], []));
      await holds([]);
    });

    it('keeps what a person added since our last reading, and adds nothing again that a person removed', async () => {
      const [a, b, c, added] = peers;
      idOf(await put([], [a, b]));
      await test.bench.addPeer(id, added);
      idOf(await put([a, b], [b, c]));
      await holds([b, c, added]);
      idOf(await put([a, b, c], [a, b]));
      await holds([b, added]);
    });

    it('takes it well when an addition is there already and a removal is gone already', async () => {
      const [a, b] = peers;
      await test.bench.addPeer(id, a);
      idOf(await put([b], [a]));
      await holds([a]);
      idOf(await put([b], [a]));
      await holds([a]);
    });

    it('makes no call where nothing differs', async () => {
      const [a] = peers;
      idOf(await put([], [a]));
      test.calls = [];
      idOf(await put([a], [a]));
      assert.deepEqual(test.calls, []);
    });

    it('names the field when an element is refused', async () => {
      const outcome = await put([], [peers[0], test.bench.absent.id]);
      assert.ok(outcome?.status === 'failed' && outcome.error instanceof Rejected, JSON.stringify(outcome));
      assert.equal(outcome.error.field, test.bench.edges.field);
    });
  });
}
