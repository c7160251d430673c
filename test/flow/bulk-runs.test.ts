import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import type { HeldGroup } from '../../hub/runs/held-groups.ts';
import type { Status } from '../../hub/http/api.ts';
import type { ViewAnswer } from '../../hub/view/read-deal-view.ts';
import { eventually } from '../kit/eventually.ts';
import { pairs, type Pair } from '../kit/pairs.ts';
import { rapport } from '../kit/rapport-command.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: a bulk change starts no research without a person', () => {
  const house = useHouse();
  const hubspot = () => house().people.a.hubspot;
  const command = (...args: string[]): ReturnType<typeof rapport> =>
    rapport(args, { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub });
  const held = async (): Promise<HeldGroup[]> => JSON.parse((await command('runs', '--json')).stdout) as HeldGroup[];
  const states = async (): Promise<Record<string, number>> => {
    const rows = await house().sql<{ state: string; count: number }>(
      'select state, count(*)::int as count from run group by 1 order by 1',
    );
    return Object.fromEntries(rows.map(({ state, count }) => [state, count]));
  };
  const card = async (deal: Pair): Promise<ViewAnswer> =>
    (await hubspot().card('GET', `${house().urls.hub}/cards/deal?objectId=${deal.hubspot}`)) as ViewAnswer;
  const move = (deals: readonly Pair[], dealstage: string): Promise<void> =>
    hubspot().updateAll(
      'deals',
      deals.map(({ hubspot: id }) => ({ id, properties: { dealstage } })),
    );
  let deals: Pair[];

  it('25 deals moved at once wait, but for those already begun, and say so', async () => {
    const ready = await house().sql<{ id: string }>(
      `select id from record where kind = 'deal' and fields->>'stage' <> 'qualifiedtobuy' and fields->>'company' is not null`,
    );
    const all = await pairs(house(), 'deal');
    deals = all.filter(({ recordId }) => ready.some(({ id }) => id === recordId)).slice(0, 25);
    assert.equal(deals.length, 25, 'the seed has too few deals');
    await move(deals, 'qualifiedtobuy');
    await eventually(async () => {
      const { waiting = 0, ...others } = await states();
      assert.equal(waiting + Object.values(others).reduce((sum, count) => sum + count, 0), 25);
      assert.ok(waiting > 0);
    });
    await house().quiet();
    const before = await states();
    const [group, ...more] = await held();
    assert.deepEqual(more, []);
    assert.equal(group?.count, before['waiting']);
    assert.match(String(group?.group), /^tenant-a\/research\/person:\d+$/);
    assert.match((await command('runs')).stdout, new RegExp(`${group?.count} research, asked for by .* since 20`));
    const [waiting] = await house().sql<{ record_id: string }>(
      "select record_id from run where state = 'waiting' limit 1",
    );
    const answer = await card(deals.find(({ recordId }) => recordId === waiting?.record_id) as Pair);
    assert.ok(answer.status === 'ok');
    assert.deepEqual([answer.view.run?.state, answer.view.canStartResearch], ['waiting', true]);
    const { stdout } = await command('status', '--json');
    const tenant = (JSON.parse(stdout) as Status).tenants.find(({ id }) => id === 'tenant-a');
    assert.equal(tenant?.status.runs['waiting'], group?.count);
    await house().quiet();
    assert.deepEqual(await states(), before, 'nothing more has begun');
  });

  it('a click on one card starts that one', async () => {
    const before = await states();
    const [run] = await house().sql<{ id: string; record_id: string }>(
      "select id, record_id from run where state = 'waiting' order by id limit 1",
    );
    const deal = deals.find(({ recordId }) => recordId === run?.record_id) as Pair;
    const click = { objectId: deal.hubspot, clickId: randomUUID() };
    await hubspot().card('POST', `${house().urls.hub}/cards/research`, click);
    await eventually(async () => {
      const [clicked] = await house().sql<{ state: string }>('select state from run where id = $1', [run?.id]);
      assert.equal(clicked?.state, 'succeeded');
    }, 20_000);
    assert.equal((await states())['waiting'], Number(before['waiting']) - 1);
  });

  it('an unknown group is told to the operator, and starts nothing', async () => {
    const before = await states();
    const { code, stderr } = await command('runs', 'start', 'tenant-a/research/person:0');
    assert.equal(code, 1);
    assert.match(stderr, /No runs are held as "tenant-a\/research\/person:0"\. `rapport runs`/);
    assert.deepEqual(await states(), before);
  });

  it('the operator starts the others, which all succeed', async () => {
    const [group] = await held();
    assert.ok(group?.expectedCost && group.expectedCost.inputTokens > 0, 'what has run tells the cost of the rest');
    const { code, stdout } = await command('runs', 'start', group.group);
    assert.deepEqual([code, stdout], [0, `${group.count} started.\n`]);
    await eventually(async () => assert.deepEqual(await states(), { succeeded: 25 }), 60_000);
    assert.deepEqual(await held(), []);
    assert.match((await command('runs')).stdout, /^No runs are held\.\n$/);
    await house().quiet(60_000);
  }).timeout(150_000);

  it('the operator cancels a group, and workflow steps that wait for it go on', async () => {
    await move(deals, 'contractsent');
    await house().quiet(60_000);
    await move(deals, 'qualifiedtobuy');
    await eventually(async () => assert.ok((await held()).length === 1), 20_000);
    await house().quiet(60_000);
    const [waiting] = await house().sql<{ record_id: string }>(
      "select record_id from run where state = 'waiting' limit 1",
    );
    const deal = deals.find(({ recordId }) => recordId === waiting?.record_id) as Pair;
    const { callbackId } = await hubspot().enrol(deal.hubspot);
    const { waiting: count } = await states();
    const [group] = await held();
    const { code, stdout } = await command('runs', 'cancel', String(group?.group));
    assert.deepEqual([code, stdout], [0, `${count} cancelled.\n`]);
    await eventually(async () => {
      const { state, outputFields } = await hubspot().callback(callbackId);
      assert.deepEqual([state, outputFields?.['research_outcome']], ['COMPLETED', 'failed']);
    });
    assert.equal((await states())['cancelled'], count);
  }).timeout(150_000);
});
