import assert from 'node:assert/strict';
import { RapportError, Reconnect, RetryLater, Uncertain } from '../../protocol/errors.ts';
import type { RowWrite } from '../../protocol/crm-connector.ts';
import { CrmTest, purpose, type CrmBench } from './crm-bench.ts';

/** Which error says who acts. */
export function crmErrorsConformance(make: () => Promise<CrmBench>): void {
  let test: CrmTest;
  beforeEach(async () => {
    test = new CrmTest(await make());
  });
  afterEach(() => test.bench.stop());

  const failedWith = async (row: RowWrite): Promise<Error | undefined> => {
    const [outcome] = await test.write([row]);
    return outcome?.status === 'failed' ? outcome.error : undefined;
  };

  it('asks for a later try when the vendor is busy', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'A' });
    await test.bench.fault('busy');
    await assert.rejects(test.read(id), (error) => error instanceof RetryLater && error.retryAt_ms > Date.now());
    await test.bench.fault('busy');
    const error = await failedWith(test.newRow({ [test.bench.text[0]]: 'B' }));
    assert.ok(error instanceof RetryLater, String(error));
  });

  it('asks for a later read after a server error, and calls a write uncertain', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'A' });
    await test.bench.fault('server_error');
    await assert.rejects(test.read(id), RetryLater);
    await test.bench.fault('server_error');
    const error = await failedWith(test.newRow({ [test.bench.text[0]]: 'B' }));
    assert.ok(error instanceof Uncertain, String(error));
  });

  it('calls a write uncertain whose answer was lost, and our id finds what it did', async () => {
    await test.create({ [test.bench.text[0]]: 'Warm' });
    const row = test.newRow({ [test.bench.text[0]]: 'Lost' });
    await test.bench.fault('lost_answer');
    const error = await failedWith(row);
    assert.ok(error instanceof Uncertain, String(error));
    const found = await test.api.readByRecordId(
      test.bench.object,
      test.bench.idField,
      [row.recordId],
      test.bench.text,
      purpose,
    );
    assert.deepEqual(
      found.map((one) => one.fields[test.bench.text[0]]),
      ['Lost'],
    );
  });

  it('gets a new token once when the old one is refused, for many calls at a time', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'A' });
    await test.bench.fault('expired_token');
    test.calls = [];
    await Promise.all([test.read(id), test.read(id), test.read(id)]);
    assert.equal(test.calls.filter((one) => one.endpoint === 'oauth').length, 1);
  });

  it('asks to connect again when the grant was taken back, without a storm', async () => {
    const id = await test.create({ [test.bench.text[0]]: 'A' });
    await test.bench.fault('revoked');
    test.calls = [];
    await assert.rejects(test.read(id), Reconnect);
    assert.ok(test.calls.length <= 3, JSON.stringify(test.calls));
    const error = await failedWith(test.newRow({ [test.bench.text[0]]: 'B' }));
    assert.ok(error instanceof Reconnect, String(error));
  });

  it("keeps the vendor's own error as the cause", async () => {
    const error = await failedWith(test.newRow(test.bench.refused.fields));
    assert.ok(error instanceof RapportError && error.cause !== undefined);
  });

  it('lets a refusal of the gate through, and makes no call', async () => {
    const refusal = new RetryLater('no budget', Date.now() + 1000);
    const closed = test.bench.open({ call: () => Promise.reject(refusal) });
    await assert.rejects(closed.read(test.bench.object, [test.bench.absent.id], test.bench.text, purpose), refusal);
  });

  it('tells the gate what each call is about', async () => {
    await test.create({ [test.bench.text[0]]: 'A' });
    for (const call of test.calls) assert.ok(call.object && call.count > 0 && call.purpose.what, JSON.stringify(call));
  });
}
