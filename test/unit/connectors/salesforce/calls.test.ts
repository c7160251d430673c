import assert from 'node:assert/strict';
import type { RowOutcome, RowWrite } from '../../../../protocol/crm-connector.ts';
import { Fault, Gone, Invalid, Reconnect, Rejected, RetryLater, Uncertain } from '../../../../protocol/errors.ts';
import type { Reply, Seen } from '../local-vendor.ts';
import { describeOf, now_ms, openApi, userId, type OpenApi } from './open-api.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;
const id = '0065f00000AbCdEAAV';
const refusal = (status: number, errorCode: string, message = 'no'): Reply => ({
  status,
  body: [{ errorCode, message }],
});
const records = (seen: Seen): Record<string, unknown>[] =>
  (JSON.parse(seen.body) as { records: Record<string, unknown>[] }).records;
const soqlOf = (seen: Seen | undefined): string => new URL(`http://x${seen?.path}`).searchParams.get('q') ?? '';

describe('Salesforce reads', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());

  it('ask for known fields only, follow pages, and say who changed a row', async () => {
    const row = (more: object): object => ({
      attributes: {},
      Id: id,
      Name: 'A',
      StageName: null,
      SystemModstamp: '2026-11-22T10:00:00.000+0000',
      LastModifiedById: userId,
      IsDeleted: false,
      ...more,
    });
    const other = '0065f00000AbCdFAAV';
    open = await openApi((seen) =>
      seen.path.includes('queryAll?')
        ? {
            status: 200,
            body: { done: false, nextRecordsUrl: '/services/data/v67.0/query/0r8-2000', records: [row({})] },
          }
        : {
            status: 200,
            body: { done: true, records: [row({ Id: other, IsDeleted: true, LastModifiedById: '005x' })] },
          },
    );
    const fields = ['Name', 'StageName', 'Hidden__c'];
    const { rows, missing } = await open.api.read('Opportunity', [other, id, "x' OR Id != '"], fields, purpose);
    assert.equal(
      soqlOf(open.calls()[0]),
      `SELECT Id, SystemModstamp, LastModifiedById, IsDeleted, Name, StageName FROM Opportunity WHERE Id IN ('${other}','${id}')`,
    );
    assert.deepEqual(missing, ["x' OR Id != '"]);
    const values = { Name: 'A', StageName: null };
    const stamp_ms = Date.parse('2026-11-22T10:00:00Z');
    assert.deepEqual(rows, [
      { externalId: other, fields: values, stamp_ms, archived: true, author: { kind: 'person', userId: '005x' } },
      { externalId: id, fields: values, stamp_ms, archived: false, author: { kind: 'rapport', userId: null } },
    ]);
  });

  it('quote what is asked for', async () => {
    open = await openApi(() => ({ status: 200, body: { done: true, records: [] } }));
    await open.api.readByRecordId('Opportunity', 'Rapport_Id__c', ["a'b\\c"], ['Name'], purpose);
    assert.ok(soqlOf(open.calls()[0]).endsWith(`WHERE Rapport_Id__c IN ('a\\'b\\\\c')`), soqlOf(open.calls()[0]));
  });

  it('describe again, once, when a field has gone meanwhile', async () => {
    let names = ['Id', 'Name', 'StageName'];
    open = await openApi(
      (seen) => {
        if (!soqlOf(seen).includes('StageName')) return { status: 200, body: { done: true, records: [] } };
        names = ['Id', 'Name'];
        return refusal(400, 'INVALID_FIELD', "No such column 'StageName'");
      },
      { describe: () => describeOf(names) },
    );
    await open.api.read('Opportunity', [id], ['Name', 'StageName'], purpose);
    assert.equal(open.calls().length, 2);
  });

  it('say what to do when the org lacks an object', async () => {
    open = await openApi(() => ({ status: 500 }), { describe: () => refusal(404, 'NOT_FOUND') });
    assert.equal(await open.api.describe('Nope__c'), undefined);
    await assert.rejects(open.api.read('Nope__c', [id], ['Name'], purpose), Invalid);
  });

  it('translate faults, without a retry of jsforce', async () => {
    for (const [reply, expected] of [
      [refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'), RetryLater],
      [refusal(503, 'SERVER_UNAVAILABLE'), RetryLater],
      [refusal(500, 'UNKNOWN_EXCEPTION'), RetryLater],
      [{ status: 502, text: '<html>' }, RetryLater],
      [{ status: 200, text: '<html>' }, RetryLater],
      [{ status: 302, headers: { location: 'http://127.0.0.1:1/' } }, RetryLater],
      ['cut', RetryLater],
      ['hang', RetryLater],
      [refusal(403, 'API_DISABLED_FOR_ORG'), Reconnect],
      [refusal(400, 'MALFORMED_QUERY'), Fault],
    ] as const) {
      open = await openApi(() => reply, { timeout_ms: 100 });
      await assert.rejects(open.api.people(), expected, JSON.stringify(reply));
      assert.equal(open.calls().length, 1, JSON.stringify(reply));
      await open.vendor.stop();
    }
  });

  it('take no token along to where a redirect leads', async () => {
    open = await openApi((seen) => ({
      status: 302,
      headers: { location: `http://${String(seen.headers['host'])}/else` },
    }));
    await assert.rejects(open.api.people(), RetryLater);
    assert.deepEqual(
      open.calls().map((call) => call.path.startsWith('/services/data/')),
      [true],
    );
  });

  it('tell the gate what is left of the day, and when a limit is worth asking about again', async () => {
    open = await openApi(() => ({
      status: 200,
      body: { done: true, records: [] },
      headers: { 'Sforce-Limit-Info': 'api-usage=18/5000' },
    }));
    await open.api.people();
    assert.deepEqual(open.readings, [
      { remaining: 4982, limit: 5000, window_ms: 86_400_000, retryAt_ms: null, down: false },
    ]);
    await open.vendor.stop();
    open = await openApi(() => refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    await assert.rejects(open.api.people());
    assert.equal(open.readings[0]?.retryAt_ms, now_ms + 900_000);
  });

  it('go on behind the last row of a page by (stamp, id)', async () => {
    open = await openApi(() => ({ status: 200, body: { done: true, records: [] } }));
    const stamp_ms = Date.parse('2026-11-22T10:00:00Z');
    await open.api.changedSince('Opportunity', { stamp_ms, id }, purpose);
    assert.ok(open.calls()[0]?.path.includes('/queryAll?'), 'deleted rows too');
    assert.equal(
      soqlOf(open.calls()[0]),
      'SELECT Id, SystemModstamp FROM Opportunity WHERE SystemModstamp > 2026-11-22T10:00:00.000Z OR ' +
        `(SystemModstamp = 2026-11-22T10:00:00.000Z AND Id > '${id}') ORDER BY SystemModstamp, Id LIMIT 2000`,
    );
  });
});

describe('Salesforce writes', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const write = (rows: RowWrite[], object = 'Opportunity'): Promise<RowOutcome[]> =>
    open.api.write(object, 'Rapport_Id__c', rows, ['Name'], purpose);
  const row = (fields: RowWrite['fields'], externalId: string | null = id): RowWrite => ({
    recordId: 'r1',
    externalId,
    fields,
    before: {},
  });
  const errorOf = (outcome: RowOutcome | undefined): Error | undefined =>
    outcome?.status === 'failed' ? outcome.error : undefined;

  it('creates by upsert on our field and updates by id, without assignment rules', async () => {
    open = await openApi((seen) => ({
      status: 200,
      body: records(seen).map(() => ({ id, success: true, errors: [] })),
    }));
    const ok = { status: 'ok', externalId: id, row: null };
    const outcomes = await write([row({ Name: 'A' }, null), row({ Name: null })], 'Account');
    assert.deepEqual(outcomes, [ok, ok]);
    const [created, updated] = open.calls();
    assert.equal(created?.path, '/services/data/v67.0/composite/sobjects/Account/Rapport_Id__c');
    assert.deepEqual(JSON.parse(created?.body ?? ''), {
      allOrNone: false,
      records: [{ attributes: { type: 'Account' }, Rapport_Id__c: 'r1', Name: 'A' }],
    });
    assert.equal(created?.headers['sforce-auto-assign'], 'FALSE');
    assert.deepEqual(updated && records(updated), [{ attributes: { type: 'Account' }, id, Name: null }]);
  });

  it('translates what is said of each row', async () => {
    const said = (statusCode: string, fields: string[] = []) => ({
      success: false,
      errors: [{ statusCode, message: `it is ${statusCode}`, fields }],
    });
    const answers = [
      said('UNABLE_TO_LOCK_ROW'),
      said('FIELD_CUSTOM_VALIDATION_EXCEPTION', ['Name']),
      said('ENTITY_IS_DELETED'),
      said('INVALID_CROSS_REFERENCE_KEY'),
      said('INVALID_CROSS_REFERENCE_KEY', ['AccountId']),
      said('DUPLICATES_DETECTED'),
    ];
    open = await openApi(() => ({ status: 200, body: answers }));
    const outcomes = await write([...answers, 'unmentioned'].map(() => row({ Name: 'x' })));
    const errors = outcomes.map(errorOf);
    assert.deepEqual(
      errors.map((error) => error?.name),
      ['RetryLater', 'Rejected', 'Gone', 'Gone', 'Rejected', 'Rejected', 'Uncertain'],
    );
    const rejected = errors.filter((error) => error instanceof Rejected);
    assert.deepEqual(
      rejected.map(({ code, field }) => [code, field]),
      [
        ['FIELD_CUSTOM_VALIDATION_EXCEPTION', 'Name'],
        ['INVALID_CROSS_REFERENCE_KEY', 'AccountId'],
        ['duplicate', undefined],
      ],
    );
    assert.equal(rejected[0]?.message, 'it is FIELD_CUSTOM_VALIDATION_EXCEPTION');
    assert.ok(errors[2] instanceof Gone);
  });

  it('halves a call that is refused as a whole', async () => {
    open = await openApi((seen) => {
      const some = records(seen);
      if (some.some((one) => one['Name'] === 'bad')) return refusal(400, 'JSON_PARSER_ERROR', 'Cannot deserialize');
      return { status: 200, body: some.map(() => ({ id, success: true, errors: [] })) };
    });
    const outcomes = await write(['a', 'bad', 'c', 'd'].map((Name) => row({ Name })));
    assert.deepEqual(
      outcomes.map((one) => one.status),
      ['ok', 'failed', 'ok', 'ok'],
    );
    assert.ok(errorOf(outcomes[1]) instanceof Rejected);
  });

  it('calls a write uncertain after a cut or a timeout, and sends it once', async () => {
    for (const reply of ['cut', 'hang', { status: 500 }, { status: 200, text: 'oops' }] as const) {
      open = await openApi(() => reply, { timeout_ms: 100 });
      const [outcome] = await write([row({ Name: 'x' })]);
      assert.ok(errorOf(outcome) instanceof Uncertain, JSON.stringify(reply));
      assert.equal(open.calls().length, 1);
      await open.vendor.stop();
    }
  });

  it('stops at a limit and tells every row that was not sent', async () => {
    open = await openApi(() => refusal(403, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'));
    const outcomes = await write(Array.from({ length: 450 }, () => row({ Name: 'x' })));
    assert.equal(open.calls().length, 1);
    assert.ok(outcomes.every((one) => errorOf(one) instanceof RetryLater));
  });
});
