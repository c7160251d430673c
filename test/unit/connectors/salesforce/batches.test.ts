import assert from 'node:assert/strict';
import { BatchSizes } from '../../../../connectors/salesforce/batch-sizes.ts';
import { Rejected, RetryLater } from '../../../../protocol/errors.ts';
import { errorOf, newRow, openOrg, write, type OrgApi } from './org-api.ts';

describe('Salesforce batches', function () {
  this.timeout(30_000);
  let org: OrgApi;
  beforeEach(async () => {
    org = await openOrg();
    await org.api.describe('Account');
    await org.api.describe('Contact');
    org.calls.length = 0;
  });
  afterEach(() => org.stop());

  const accounts = (count: number, prefix = 'a') =>
    Array.from({ length: count }, (_, at) => newRow(`${prefix}-${at}`, { Name: `${prefix} ${at}` }));
  const sizes = (object = 'Account'): number[] =>
    org.calls.filter((call) => call.object === object).map(({ count }) => count);

  it('get smaller until the org’s own code bears them, and grow again when it does', async () => {
    org.tiny.faults.arm({ name: 'apex.limit', times: 1_000, match: { entity: 'Account' }, params: { above: 60 } });
    const outcomes = await write(org.api, 'Account', accounts(400));
    assert.deepEqual(
      outcomes.filter((one) => one.status !== 'ok'),
      [],
    );
    assert.deepEqual(sizes().slice(0, 4), [200, 100, 50, 50]);
    org.tiny.faults.clear();
    org.calls.length = 0;
    await write(org.api, 'Account', accounts(2_000, 'b'));
    assert.deepEqual([Math.min(...sizes().slice(0, -1)), Math.max(...sizes())], [50, 200]);
  });

  it('find the one row that the org’s code refuses however few there are, and write the others', async () => {
    org.tiny.faults.arm({ name: 'apex.limit', times: 1_000, match: { entity: 'Account' }, params: { above: 1 } });
    const outcomes = await write(org.api, 'Account', accounts(8));
    assert.deepEqual(
      outcomes.filter((one) => one.status !== 'ok'),
      [],
      'one by one all are borne',
    );
  });

  it('stop when it refuses row after row: all are tried later, those that were refused after the others', async () => {
    org.tiny.faults.arm({ name: 'apex.limit', times: 1_000, match: { entity: 'Account' }, params: { above: 0 } });
    const outcomes = await write(org.api, 'Account', accounts(40));
    const names = outcomes.map((one) => errorOf(one)?.constructor.name);
    assert.deepEqual([names.length, ...new Set(names)], [40, 'RetryLater']);
    const pauses = outcomes.map((one) => {
      const error = errorOf(one);
      return error instanceof RetryLater ? error.retryAt_ms - Date.now() : 0;
    });
    assert.deepEqual([Math.min(...pauses) < 120_000, Math.max(...pauses) > 300_000], [true, true]);
    assert.equal(pauses.filter((pause_ms) => pause_ms > 300_000).length, 3);
    assert.ok(sizes().length < 12, String(sizes()));
  });

  it('keep the children of one parent together, so that a storm of locks hits none', async () => {
    const made = await write(org.api, 'Account', accounts(40));
    const parents = made.map((one) => (one.status === 'ok' ? one.externalId : ''));
    org.tiny.faults.arm({
      name: 'api.lock_storm',
      times: 10_000,
      match: { entity: 'Contact' },
      params: { held_ms: 60_000 },
    });
    const children = Array.from({ length: 400 }, (_, at) =>
      newRow(`c-${at}`, { LastName: `C ${at}`, AccountId: parents[at % 40] ?? '' }),
    );
    const outcomes = await write(org.api, 'Contact', children);
    assert.deepEqual(
      outcomes.map((one) => one.status),
      children.map(() => 'ok'),
    );
    const { rows } = await org.api.read(
      'Contact',
      outcomes.map((one) => (one.status === 'ok' ? one.externalId : '')),
      ['LastName'],
      {
        lane: 'background',
        what: 'test',
      },
    );
    assert.equal(rows[7]?.fields['LastName'], 'C 7', 'outcomes are in the order of the rows');
  });

  it('a row that finds its parent locked is tried later, and no other waits for it', async () => {
    const [parent] = await write(org.api, 'Account', accounts(1));
    const AccountId = parent?.status === 'ok' ? parent.externalId : '';
    org.tiny.faults.arm({
      name: 'api.lock_storm',
      times: 10,
      match: { entity: 'Contact' },
      params: { held_ms: 60_000 },
    });
    await write(org.api, 'Contact', [newRow('c-1', { LastName: 'One', AccountId })]);
    const [locked, free] = await write(org.api, 'Contact', [
      newRow('c-2', { LastName: 'Two', AccountId }),
      newRow('c-3', { LastName: 'Three' }),
    ]);
    assert.ok(errorOf(locked) instanceof RetryLater);
    assert.equal(free?.status, 'ok');
  });

  it('a row over which the whole call fails inside is set apart, and refused when it has failed alone', async () => {
    org.tiny.faults.arm({ name: 'api.poison', times: 1_000, params: { field: 'Name', value: 'Poison' } });
    let left = [...accounts(150), newRow('poison', { Name: 'Poison' }), ...accounts(49, 'b')];
    const rounds: number[] = [];
    for (let refused: Error | undefined; !refused;) {
      const outcomes = await write(org.api, 'Account', left);
      rounds.push(left.length);
      assert.ok(rounds.length < 12, String(rounds));
      refused = outcomes.map(errorOf).find((error) => error instanceof Rejected);
      if (refused) assert.equal(left[outcomes.findIndex((one) => errorOf(one) === refused)]?.recordId, 'poison');
      // What nobody knows of is read back, and comes again where it is not there.
      const there = await org.api.readByRecordId(
        'Account',
        'Rapport_Id__c',
        left.map((row) => row.recordId),
        [],
        {
          lane: 'background',
          what: 'test',
        },
      );
      const known = new Set(there.map((row) => row.fields['Rapport_Id__c']));
      left = left.filter((row) => !known.has(row.recordId));
    }
    assert.ok((rounds[1] ?? 0) <= 200 && (rounds[2] ?? 0) <= 50, String(rounds));
    assert.deepEqual([left.length, rounds.at(-1)], [1, 1], 'all others were written');
  });

  it('a row that a refusal of the whole call is about is found by halving', async () => {
    const rows = [...accounts(30), newRow('bad', { Name: 'Bad', NumberOfEmployees: 'many' })];
    const outcomes = await write(org.api, 'Account', rows);
    assert.ok(errorOf(outcomes.at(-1)) instanceof Rejected);
    assert.ok(outcomes.slice(0, -1).every((one) => one.status === 'ok'));
  });
});

describe('Salesforce batch sizes', () => {
  const after = (sizes: BatchSizes, batches: number): number => {
    for (let batch = 0; batch < batches; batch += 1) sizes.wentWell('Account', sizes.of('Account'));
    return sizes.of('Account');
  };

  it('halve to one, and double each time five batches went well', () => {
    const sizes = new BatchSizes();
    for (let tried = 200; tried >= 1; tried = Math.floor(tried / 2)) sizes.tooLarge('Account', tried);
    assert.deepEqual([sizes.of('Account'), sizes.of('Contact')], [1, 200]);
    assert.deepEqual([after(sizes, 4), after(sizes, 1), after(sizes, 5), after(sizes, 45)], [1, 2, 4, 200]);
    sizes.tooLarge('Account', 100);
    sizes.wentWell('Account', 10);
    assert.equal(sizes.of('Account'), 50, 'a small batch proves nothing');
  });

  it('wait twice as long each time that more was too much again', () => {
    const sizes = new BatchSizes();
    sizes.tooLarge('Account', 200);
    assert.equal(after(sizes, 5), 200);
    sizes.tooLarge('Account', 200);
    assert.deepEqual([after(sizes, 9), after(sizes, 1)], [100, 200]);
  });
});
