import assert from 'node:assert/strict';
import type { RowOutcome, RowWrite } from '../../../../protocol/crm-connector.ts';
import { Gone, Rejected, RetryLater, Uncertain } from '../../../../protocol/errors.ts';
import type { Reply, Seen } from '../local-vendor.ts';
import { now_ms, openApi, type OpenApi } from './open-api.ts';

interface Input {
  id: string;
  objectWriteTraceId: string;
  properties: Record<string, string>;
}
const purpose = { lane: 'interactive', what: 'test' } as const;
const inputs = (seen: Seen): Input[] => (JSON.parse(seen.body) as { inputs: Input[] }).inputs;
const taken = (some: Input[], more: object = {}): Reply => ({
  status: 200,
  body: {
    status: 'COMPLETE',
    results: some.map(({ id, objectWriteTraceId, properties }) => ({
      id,
      objectWriteTraceId,
      properties,
      updatedAt: '2026-11-22T10:00:00Z',
    })),
    ...more,
  },
});
const refused = (message: string, more: object = {}): Reply => ({
  status: 400,
  body: { status: 'error', category: 'VALIDATION_ERROR', message, ...more },
});
const row = (at: number, fields: Record<string, string>): RowWrite => ({
  recordId: `r${at}`,
  externalId: String(at),
  fields,
  before: {},
});
const short = (outcome: RowOutcome): string =>
  outcome.status === 'ok'
    ? 'ok'
    : `${outcome.error.name}:${outcome.error instanceof Rejected ? outcome.error.code : ''}`;

describe('HubSpot writes', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const write = (rows: RowWrite[], fields: string[] = ['name']): Promise<RowOutcome[]> =>
    open.api.write('deals', 'rapport_id', rows, fields, purpose);

  it('finds the one bad row of a batch that is refused without saying which', async () => {
    open = await openApi((seen) => {
      const some = inputs(seen);
      return some.some((one) => one.id === '37') ? refused('a rule of this portal says no') : taken(some);
    });
    const rows = Array.from({ length: 100 }, (_, at) => row(at + 1, { name: 'x' }));
    const outcomes = await write(rows);
    assert.deepEqual(
      outcomes.flatMap((one, at) => (one.status === 'ok' ? [] : [[at + 1, short(one)]])),
      [[37, 'Rejected:VALIDATION_ERROR']],
    );
    assert.ok(open.calls().length <= 15, String(open.calls().length));
  });

  it('does not halve for a property that cannot be written at all, and sends the rest again at once', async () => {
    const error = {
      message: 'Property "nope" does not exist',
      code: 'PROPERTY_DOESNT_EXIST',
      context: { propertyName: ['nope'] },
    };
    open = await openApi((seen) => {
      const some = inputs(seen);
      return some.some((one) => 'nope' in one.properties) ? refused('bad', { errors: [error] }) : taken(some);
    });
    const outcomes = await write([row(1, { nope: '1' }), row(2, { name: 'x' }), row(3, { nope: '2' })]);
    assert.deepEqual(outcomes.map(short), ['Rejected:PROPERTY_DOESNT_EXIST', 'ok', 'Rejected:PROPERTY_DOESNT_EXIST']);
    assert.equal(open.calls().length, 2);
  });

  it('makes one call where every row has the same refused value, named inside the message', async () => {
    const inside = JSON.stringify([
      { isValid: false, message: 'x was not allowed', error: 'INVALID_OPTION', name: 'dealstage' },
    ]);
    open = await openApi(() => refused(`Property values were not valid: ${inside}`));
    const outcomes = await write([1, 2, 3].map((at) => row(at, { dealstage: 'x' })));
    assert.deepEqual(outcomes.map(short), Array(3).fill('Rejected:INVALID_OPTION'));
    const [first] = outcomes;
    assert.ok(first?.status === 'failed' && first.error instanceof Rejected);
    assert.deepEqual([first.error.field, first.error.message], ['dealstage', 'x was not allowed']);
    assert.equal(open.calls().length, 1);
  });

  it('calls a taken unique value a duplicate and keeps the id that has it', async () => {
    open = await openApi(() => ({
      status: 409,
      body: { status: 'error', category: 'CONFLICT', message: 'Contact already exists. Existing ID: 12345' },
    }));
    const [outcome] = await write([{ recordId: 'r', externalId: null, fields: { email: 'a@b.io' }, before: {} }]);
    assert.ok(outcome?.status === 'failed' && outcome.error instanceof Rejected);
    assert.equal(outcome.error.code, 'duplicate');
    assert.match(outcome.error.message, /12345/);
  });

  it('sorts a 207 by trace id, whatever the order, and calls what is not mentioned uncertain', async () => {
    open = await openApi((seen) => {
      const [first, second, , fourth] = inputs(seen);
      const errors = [
        {
          category: 'OBJECT_NOT_FOUND',
          message: 'gone',
          context: { objectWriteTraceId: [second?.objectWriteTraceId] },
        },
      ];
      return taken([fourth, first] as Input[], { errors });
    });
    const outcomes = await write([1, 2, 3, 4].map((at) => row(at, { name: `n${at}` })));
    assert.deepEqual(outcomes.map(short), ['ok', 'Gone:', 'Uncertain:', 'ok']);
    assert.equal(outcomes[3]?.status === 'ok' ? outcomes[3].externalId : '', '4');
    assert.deepEqual(outcomes[0]?.status === 'ok' ? outcomes[0].row?.fields : undefined, { name: 'n1' });
  });

  it('creates by upsert on our id, in texts, and clears with an empty text', async () => {
    open = await openApi((seen) => taken(inputs(seen).map((one) => ({ ...one, id: '900' }))));
    const fields = { name: 'A', amount: 12.5, done: true, kinds: ['a', 'b'], phone: null };
    const [outcome] = await write([{ recordId: 'r1', externalId: null, fields, before: {} }], ['name', 'owner']);
    assert.deepEqual(outcome, { status: 'ok', externalId: '900', row: null });
    const [call] = open.calls();
    assert.equal(call?.path, '/crm/objects/2026-09/deals/batch/upsert');
    const properties = { name: 'A', amount: '12.5', done: 'true', kinds: 'a;b', phone: '' };
    assert.deepEqual(call && inputs(call), [
      { id: 'r1', idProperty: 'rapport_id', objectWriteTraceId: '0', properties },
    ]);
  });

  it('stops at a pause and tells every row that was not sent', async () => {
    open = await openApi(() => ({ status: 429, body: { policyName: 'SECONDLY', message: 'slow down' } }));
    const outcomes = await write(Array.from({ length: 250 }, (_, at) => row(at + 1, { name: 'x' })));
    assert.equal(open.calls().length, 1);
    for (const one of outcomes) {
      assert.ok(one.status === 'failed' && one.error instanceof RetryLater);
      assert.equal(one.error.retryAt_ms, now_ms + 1000);
    }
  });

  it('calls a write uncertain after a cut, a timeout and an unreadable answer, and sends it once', async () => {
    for (const reply of ['cut', 'hang', { status: 200, text: '<html>ok</html>' }] as const) {
      open = await openApi(() => reply, { timeout_ms: 100 });
      const [outcome] = await write([row(1, { name: 'x' })]);
      assert.ok(outcome?.status === 'failed' && outcome.error instanceof Uncertain, JSON.stringify(reply));
      assert.equal(open.calls().length, 1);
      await open.vendor.stop();
    }
  });

  it('asks for a later try when no connection was made', async () => {
    open = await openApi(() => 'cut', {
      grant: { refreshToken: 'r', accessToken: 'a', expiresAt_ms: String(now_ms * 2) },
    });
    await open.vendor.stop();
    const [outcome] = await write([row(1, { name: 'x' })]);
    assert.ok(outcome?.status === 'failed' && outcome.error instanceof RetryLater, JSON.stringify(outcome));
  });

  it('says Gone of a single row that HubSpot does not find', async () => {
    open = await openApi(() => ({
      status: 404,
      body: { category: 'OBJECT_NOT_FOUND', message: 'resource not found' },
    }));
    const [outcome] = await write([row(1, { name: 'x' })]);
    assert.ok(outcome?.status === 'failed' && outcome.error instanceof Gone);
  });
});
