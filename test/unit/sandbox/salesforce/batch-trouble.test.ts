import assert from 'node:assert/strict';
import { orgA, startTiny, type Tiny } from './start-tiny.ts';

interface Result {
  id?: string;
  success: boolean;
  errors: { statusCode: string; message: string }[];
}

describe('batches that code of the org cannot bear', () => {
  let tiny: Tiny;
  let hub: string;
  before(async () => {
    tiny = await startTiny();
    hub = await tiny.token(orgA.integration);
  });
  afterEach(() => tiny.faults.clear());
  after(() => tiny.stop());

  const post = async (rows: object[], type = 'Account') => {
    const records = rows.map((row) => ({ attributes: { type }, ...row }));
    const answer = await tiny.call(hub, 'POST', '/services/data/v67.0/composite/sobjects', { records });
    return { status: answer.status, results: answer.body as Result[] };
  };
  const named = (count: number): object[] => Array.from({ length: count }, (_, at) => ({ Name: `T ${at}` }));

  it('a trigger that is not bulk-safe refuses every row of a large batch alike (Apex guide, governor limits)', async () => {
    tiny.faults.arm({ name: 'apex.limit', times: 10, match: { entity: 'Account' }, params: { above: 50 } });
    const { status, results } = await post(named(51));
    assert.equal(status, 200);
    assert.ok(results.every((one) => one.errors[0]?.statusCode === 'CANNOT_INSERT_UPDATE_ACTIVATE_ENTITY'));
    assert.match(results[0]?.errors[0]?.message ?? '', /System\.LimitException/);
    assert.ok((await post(named(50))).results.every((one) => one.success));
    tiny.faults.clear();
    tiny.faults.arm({ name: 'apex.limit', params: { above: 1, flow: true } });
    assert.equal((await post(named(2))).results[1]?.errors[0]?.statusCode, 'CANNOT_EXECUTE_FLOW_TRIGGER');
  });

  it('one row’s value fails a whole call with 500, and nothing is written', async () => {
    tiny.faults.arm({ name: 'api.poison', times: 10, params: { field: 'Name', value: 'Poison' } });
    const { status, results } = await post([{ Name: 'Before' }, { Name: 'Poison' }]);
    assert.deepEqual(
      [status, (results as unknown as { errorCode: string }[])[0]?.errorCode],
      [500, 'UNKNOWN_EXCEPTION'],
    );
    assert.equal((await post([{ Name: 'Without' }])).status, 200);
  });

  it('in a storm of locks a parent is locked against other requests, not within one (Record Locking Cheat Sheet)', async () => {
    const [parent, other] = (await post(named(2))).results;
    tiny.faults.arm({ name: 'api.lock_storm', times: 100, match: { entity: 'Contact' }, params: { held_ms: 60_000 } });
    const child = (AccountId: string | undefined, at: number): object => ({ LastName: `C ${at}`, AccountId });
    const together = await post([child(parent?.id, 1), child(parent?.id, 2)], 'Contact');
    assert.ok(together.results.every((one) => one.success));
    const apart = await post([child(parent?.id, 3), child(other?.id, 4)], 'Contact');
    assert.deepEqual(
      apart.results.map((one) => one.errors[0]?.statusCode),
      ['UNABLE_TO_LOCK_ROW', undefined],
    );
    tiny.clock.advance(61_000);
    assert.ok((await post([child(parent?.id, 5)], 'Contact')).results[0]?.success);
  });
});
