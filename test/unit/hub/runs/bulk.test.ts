import assert from 'node:assert/strict';
import { bulksOf, mostAtOnce, window_ms } from '../../../../hub/runs/bulk.ts';
import { decideHeld, listHeld } from '../../../../hub/runs/held-groups.ts';
import { startMatched } from '../../../../hub/runs/start-matched.ts';
import { startRun } from '../../../../hub/runs/start-run.ts';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { Invalid } from '../../../../protocol/errors.ts';
import type { Author, Installation } from '../../../../protocol/nouns.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import { aChange } from '../../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../../conformance/store/rig.ts';
import { emptyTables, type FreshDatabase } from '../../../kit/postgres.ts';
import { filledStore, sql } from '../store/rig.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('Which runs are one bulk change', () => {
  it('those of more than 20, of one job and one actor', () => {
    const count = (askedBy: string, of: number) => ({ job: 'research', askedBy, count: of });
    assert.deepEqual(bulksOf([count('few', mostAtOnce), count('many', mostAtOnce + 1), count('one', 1)]), [
      { job: 'research', askedBy: 'many' },
    ]);
    assert.deepEqual([mostAtOnce, window_ms, bulksOf([])], [20, 60_000, []]);
  });
});

describe('Runs of a bulk change', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  let clock: VirtualClock;
  let rung: WorkAddress[];
  let nextId: number;
  before(async () => ({ store, database } = await filledStore()));
  beforeEach(async () => {
    await emptyTables(database);
    for (const id of ['a', 'b']) await store.provisionTenant(tenantNamed(id));
    clock = new VirtualClock(start_ms);
    rung = [];
    nextId = 0;
  });
  after(() => store.close());

  const uta: Author = { kind: 'person', userId: '7' };
  const ids = { next: (): string => `id-${String(nextId++).padStart(4, '0')}` };
  const deps = () => ({
    store,
    clock,
    ids,
    bell: { ring: async (at: readonly WorkAddress[]) => void rung.push(...at) },
  });
  const installation: Installation = {
    ...tenantNamed('a').installations[0],
    tenantId: 'a',
    targets: {},
    timeZone: null,
    brokenReason: null,
  } as Installation;
  const triggers = [{ job: 'research', kind: 'deal', field: 'stage', value: 'qualified' }] as const;
  /** So many deals enter the stage, all seen in one transaction. */
  const move = (count: number, author = uta): Promise<boolean> =>
    store.tenant('a', (tx) => {
      const changes = Array.from({ length: count }, () => {
        const id = ids.next();
        return aChange(id, { recordId: `deal-${id}`, field: 'stage', after: 'qualified', author });
      });
      return startMatched({ ids, triggers }, tx, { installation, kind: 'deal', changes, now_ms: clock.now_ms() });
    });
  const states = async (): Promise<Readonly<Record<string, number>>> =>
    (await store.tenant('a', (tx) => tx.status())).runs;
  const claim = (count: number) =>
    store.tenant('a', (tx) => tx.claimRuns(clock.now_ms(), clock.now_ms() + 30_000, count));
  const audited = async (action: string): Promise<{ actor: string; subject: string }[]> =>
    sql(database.ownerUrl, `set app.tenant = 'a'; select actor, subject from audit where action = '${action}'`);

  it('start while they are 20, and all wait when they are more', async () => {
    await move(20);
    assert.deepEqual(await states(), { queued: 20 });
    await move(1);
    assert.deepEqual(await states(), { waiting: 21 });
    assert.equal((await audited('run.hold')).length, 21);
    assert.deepEqual(await claim(50), []);
  });

  it('leave what has begun alone, and hold what follows within the window, not after it', async () => {
    await move(15);
    await claim(6);
    clock.pass(30_000);
    await move(15);
    assert.deepEqual(await states(), { running: 6, waiting: 24 });
    clock.pass(29_999);
    await move(1);
    assert.deepEqual(await states(), { running: 6, waiting: 25 });
    clock.pass(30_002);
    await move(1);
    assert.deepEqual(await states(), { running: 6, waiting: 25, queued: 1 });
  });

  it('are counted by who asked, and beside clicks and workflow steps', async () => {
    await move(15);
    await move(15, { kind: 'automation', userId: null });
    for (let index = 0; index < 15; index++) {
      const wanted = { job: 'research', recordId: `clicked-${index}` };
      await startRun(deps(), 'a', wanted, { click: `c${index}`, userId: '7' });
      const step = { callbackId: `ap-${index}`, installationId: 'hs' };
      await startRun(deps(), 'a', { ...wanted, recordId: `enrolled-${index}` }, step);
    }
    assert.deepEqual(await states(), { queued: 60 });
    await move(6, { kind: 'automation', userId: null });
    assert.deepEqual(await states(), { queued: 45, waiting: 21 });
  });

  it('are no change that joins a run', async () => {
    const again = aChange('again', { recordId: 'deal-1', field: 'stage', after: 'qualified', author: uta });
    const changes = Array.from({ length: 30 }, (_, index) => ({ ...again, id: `again-${index}` }));
    await store.tenant('a', (tx) =>
      startMatched({ ids, triggers }, tx, { installation, kind: 'deal', changes, now_ms: start_ms }),
    );
    assert.deepEqual(await states(), { queued: 1 });
  });

  it('wait but for the one that a person clicks, also before it would be held', async () => {
    await move(20);
    const [first] = await sql<{ record_id: string }>(
      database.ownerUrl,
      "set app.tenant = 'a'; select record_id from run order by id limit 1",
    );
    const click = (recordId: string, name: string) =>
      startRun(deps(), 'a', { job: 'research', recordId }, { click: name, userId: '9' });
    const early = await click(String(first?.record_id), 'early');
    assert.ok('started' in early && !early.started);
    await move(5);
    assert.deepEqual(await states(), { queued: 1, waiting: 24 });
    const [held] = await sql<{ record_id: string }>(
      database.ownerUrl,
      "set app.tenant = 'a'; select record_id from run where state = 'waiting' order by id limit 1",
    );
    for (const name of ['late', 'late']) await click(String(held?.record_id), name);
    assert.deepEqual(await states(), { queued: 2, waiting: 23 });
    await move(1);
    assert.deepEqual(await states(), { queued: 2, waiting: 24 });
    assert.deepEqual(
      (await audited('run.release')).map(({ actor }) => actor),
      ['person:9', 'person:9'],
    );
  });

  it('stay held when a workflow step joins, which waits with them', async () => {
    await move(21);
    const [held] = await sql<{ record_id: string }>(
      database.ownerUrl,
      "set app.tenant = 'a'; select record_id from run order by id limit 1",
    );
    const wanted = { job: 'research', recordId: String(held?.record_id) };
    await startRun(deps(), 'a', wanted, { callbackId: 'ap-1', installationId: 'hs' });
    assert.deepEqual(await states(), { waiting: 21 });
    await decideHeld(deps(), 'a/research/person:7', 'cancel');
    const told = await store.tenant('a', (tx) => tx.untoldCallbacks(5));
    assert.deepEqual(
      told.map(({ callback, run }) => [callback.callbackId, run.state]),
      [['ap-1', 'cancelled']],
    );
  });

  it('are listed with their cost, and started or cancelled together', async () => {
    await store.tenant('a', (tx) =>
      tx.savePeople([
        { installationId: 'hs', userId: '7', ownerId: '7', name: 'Uta User', email: 'uta@x.example' },
        { installationId: 'hs', userId: '8', ownerId: '8', name: 'Hal', email: 'hal@x.example' },
        { installationId: 'sf', userId: '8', ownerId: '8', name: 'Sal', email: 'sal@x.example' },
      ]),
    );
    await move(21);
    await move(22, { kind: 'person', userId: '8' });
    const [uta7, hal8] = await listHeld(store);
    assert.deepEqual(uta7, {
      group: 'a/research/person:7',
      tenantId: 'a',
      job: 'research',
      askedBy: 'person:7',
      name: 'Uta User',
      since: new Date(start_ms).toISOString(),
      count: 21,
      expectedCost: null,
    });
    assert.deepEqual([hal8?.group, hal8?.name, hal8?.count], ['a/research/person:8', null, 22]);
    rung = [];
    assert.equal(await decideHeld(deps(), 'a/research/person:7', 'start'), 21);
    assert.deepEqual(rung, [{ tenantId: 'a', installationId: '', lane: 'runs' }]);
    assert.deepEqual(await states(), { queued: 21, waiting: 22 });
    assert.equal((await audited('run.release')).length, 21);
    const [run] = await claim(1);
    assert.ok(run);
    const cost = { inputTokens: 100, outputTokens: 10, fetches: 3 };
    await store.tenant('a', (tx) =>
      tx.saveRun({ ...run, state: 'succeeded', finishedAt_ms: start_ms, cost }, ['running']),
    );
    assert.deepEqual((await listHeld(store))[0]?.expectedCost, { inputTokens: 2_200, outputTokens: 220, fetches: 66 });
    assert.equal(await decideHeld(deps(), 'a/research/person:8', 'cancel'), 22);
    assert.deepEqual(await states(), { cancelled: 22, queued: 20, succeeded: 1 });
    assert.deepEqual(await listHeld(store), []);
    for (const group of ['a/research/person:8', 'b/research/person:7', 'nonsense', ''])
      await assert.rejects(decideHeld(deps(), group, 'start'), Invalid, group);
  });

  it('hold no other job', async () => {
    await move(21);
    await startRun(deps(), 'a', { job: 'demo', recordId: 'r1' }, { click: 'one', userId: '7' });
    assert.deepEqual(
      (await claim(5)).map(({ job }) => job),
      ['demo'],
    );
  });
});
