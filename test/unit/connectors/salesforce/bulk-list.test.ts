import assert from 'node:assert/strict';
import { RetryLater } from '../../../../protocol/errors.ts';
import { orgA } from '../../sandbox/salesforce/start-tiny.ts';
import { newRow, openOrg, purpose, write, type OrgApi } from './org-api.ts';

const rows = 5_000;

describe('Salesforce listing of more rows than one query gives', function () {
  this.timeout(40_000);
  let org: OrgApi;
  before(async () => {
    org = await openOrg();
    const made = Array.from({ length: rows }, (_, at) => newRow(`l-${at}`, { Name: `Listed ${at}` }));
    assert.ok((await write(org.api, 'Account', made)).every((one) => one.status === 'ok'));
  });
  beforeEach(() => {
    org.calls.length = 0;
  });
  afterEach(() => org.tiny.faults.clear());
  after(() => org.stop());

  /** The whole listing from a place on; waits for the job as a lane does. Answers its ids and the places it stood at. */
  const list = async (from?: string): Promise<{ ids: string[]; places: string[] }> => {
    const ids: string[] = [];
    const places: string[] = [];
    for (let after = from, ended = false; !ended;) {
      try {
        const page = await org.api.list('Account', after, purpose);
        ids.push(...page.rows.map((row) => row.externalId));
        assert.ok(page.rows.every((row) => row.stamp_ms > 0));
        after = page.next;
        ended = after === undefined;
        if (after !== undefined) places.push(after);
      } catch (error) {
        if (!(error instanceof RetryLater)) throw error;
        await new Promise((resolve) => setTimeout(resolve, 50));
      }
    }
    return { ids, places };
  };
  const whole = (ids: readonly string[]): void => {
    assert.equal(ids.length, rows + 3);
    assert.equal(new Set(ids).size, ids.length);
  };

  it('goes by a job whose id is the place to go on from, each row once', async () => {
    const { ids, places } = await list();
    whole(ids);
    assert.match(places[0] ?? '', /"job":"750/);
    assert.ok(org.calls.filter(({ object }) => object === 'Account').length < 20);
  });

  it('is told to come again while the job runs, and goes on with the same job in another process', async () => {
    org.tiny.faults.arm({ name: 'bulk.wait', times: 3 });
    const first = await org.api.list('Account', undefined, purpose);
    await assert.rejects(org.api.list('Account', first.next, purpose), RetryLater);
    const later = await list(first.next);
    whole([...first.rows.map((row) => row.externalId), ...later.ids]);
    const jobs = (await org.tiny.call(await org.tiny.token(orgA.integration), 'GET', '/services/data/v67.0/jobs/query'))
      .body as { records: unknown[] };
    assert.equal(jobs.records.length, 2, 'one job for each listing');
  });

  for (const [what, arm] of [
    ['the job fails', () => org.tiny.faults.arm({ name: 'bulk.fail', match: { kind: 'query' } })],
    ['the job is forgotten', () => undefined],
    [
      'the org gives no job',
      () =>
        org.tiny.faults.arm({
          name: 'api.status',
          match: { path: '/jobs/query' },
          params: { status: 400, errorCode: 'LIMIT_EXCEEDED' },
        }),
    ],
  ] as const)
    it(`walks by REST when ${what}, and misses no row`, async () => {
      arm();
      const first = await org.api.list('Account', undefined, purpose);
      if (what === 'the job is forgotten') {
        const { job } = JSON.parse(first.next ?? '') as { job: string };
        const token = await org.tiny.token(orgA.integration);
        const path = `/services/data/v67.0/jobs/query/${job}`;
        while (((await org.tiny.call(token, 'GET', path)).body as { state: string }).state !== 'JobComplete');
        await org.tiny.call(token, 'DELETE', path);
      }
      const later = await list(first.next);
      whole([...first.rows.map((row) => row.externalId), ...later.ids]);
      assert.ok(later.places.every((place) => place.startsWith('001')));
    });

  it('stays with REST below 2,000 rows', async () => {
    const { places } = await (async () => {
      const page = await org.api.list('Contact', undefined, purpose);
      return { places: page.next };
    })();
    assert.equal(places, undefined);
  });
});
