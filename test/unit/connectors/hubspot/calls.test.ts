import assert from 'node:assert/strict';
import { Fault, Gone, Invalid, RetryLater } from '../../../../protocol/errors.ts';
import type { Reply } from '../local-vendor.ts';
import { now_ms, openApi, type OpenApi } from './open-api.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;

describe('HubSpot calls', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const list = (): Promise<unknown> => open.api.list('deals', undefined, purpose);

  it('tells the gate what the headers say of the budget', async () => {
    const headers = {
      'X-HubSpot-RateLimit-Max': '110',
      'X-HubSpot-RateLimit-Remaining': '87',
      'X-HubSpot-RateLimit-Interval-Milliseconds': '10000',
    };
    open = await openApi(() => ({ status: 200, body: { results: [] }, headers }));
    await list();
    assert.deepEqual(open.readings, [{ remaining: 87, limit: 110, window_ms: 10_000, retryAt_ms: null, down: false }]);
  });

  it('knows from each answer when to try again', async () => {
    const wait = async (reply: Reply): Promise<number> => {
      open = await openApi(() => reply);
      const error: unknown = await list().catch((caught: unknown) => caught);
      await open.vendor.stop();
      assert.ok(error instanceof RetryLater, String(error));
      return error.retryAt_ms - now_ms;
    };
    const limited = (policyName: string, headers = {}): Reply => ({ status: 429, body: { policyName }, headers });
    assert.equal(await wait(limited('TEN_SECONDLY_ROLLING')), 10_000);
    assert.equal(await wait(limited('SECONDLY')), 1_000);
    assert.equal(await wait(limited('DAILY')), 3_600_000);
    assert.equal(await wait(limited('DAILY', { 'Retry-After': '7' })), 7_000);
    assert.equal(await wait({ status: 423, body: {} }), 2_000);
    assert.equal(await wait({ status: 477, headers: { 'Retry-After': '86400' } }), 86_400_000);
    for (const status of [500, 502, 503, 504, 524]) assert.ok((await wait({ status, text: '<html>' })) > 0);
    for (const reply of ['cut', { status: 200, text: '{"results":' }, { status: 200, body: {} }] as const) {
      assert.ok((await wait(reply)) > 0);
    }
  });

  it('translates what waiting does not mend', async () => {
    for (const [reply, expected] of [
      [{ status: 403, body: { category: 'MISSING_SCOPES', message: 'scopes' } }, Invalid],
      [{ status: 404, body: { message: 'resource not found' } }, Gone],
      [{ status: 400, body: { message: 'bad request' } }, Fault],
    ] as const) {
      open = await openApi(() => reply);
      await assert.rejects(list(), expected);
      await open.vendor.stop();
    }
  });

  it('completes a waiting workflow step, and says Gone of one that waits no more', async () => {
    open = await openApi(() => ({ status: 204 }));
    await open.api.completeCallback?.('ap-1-2', { hs_execution_state: 'SUCCESS' });
    const [call] = open.calls();
    assert.equal(call?.path, '/automation/actions/callbacks/2026-09/ap-1-2/complete');
    assert.deepEqual(JSON.parse(call?.body ?? ''), {
      outputFields: { hs_execution_state: 'SUCCESS' },
      typedOutputs: {},
    });
    await open.vendor.stop();
    open = await openApi(() => ({ status: 404, body: {} }));
    await assert.rejects(open.api.completeCallback?.('ap-1-2', {}) ?? Promise.resolve(), Gone);
  });

  it('refuses a property of ours that exists without unique values, and says what to do', async () => {
    const property = { name: 'rapport_id', label: 'x', type: 'string', options: [], hasUniqueValue: false };
    open = await openApi(() => ({ status: 200, body: { results: [property] } }));
    const needed = [{ name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true } as const];
    await assert.rejects(
      open.api.ensureFields?.('deals', needed) ?? Promise.resolve(),
      (error) => error instanceof Invalid && /rename or delete the property rapport_id/.test(error.remedy),
    );
  });

  it('creates missing properties once, and takes it well when another was faster', async () => {
    open = await openApi((seen) => {
      if (seen.method === 'GET') return { status: 200, body: { results: [] } };
      return seen.path.endsWith('/groups')
        ? { status: 409, body: { category: 'CONFLICT', message: 'group already exists' } }
        : { status: 201, body: { name: 'x' } };
    });
    await open.api.ensureFields?.('deals', [
      { name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true },
      { name: 'rapport_researched_at', label: 'Researched', type: 'instant', unique: false },
    ]);
    const made = open.calls().slice(2);
    assert.deepEqual(
      made.map((call) => JSON.parse(call.body)),
      [
        {
          name: 'rapport_id',
          label: 'Rapport id',
          type: 'string',
          fieldType: 'text',
          groupName: 'rapport',
          hasUniqueValue: true,
        },
        {
          name: 'rapport_researched_at',
          label: 'Researched',
          type: 'datetime',
          fieldType: 'date',
          groupName: 'rapport',
          hasUniqueValue: false,
        },
      ],
    );
  });
});
