import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { Random } from '../../sandbox/kit/random.ts';
import { eventually } from '../kit/eventually.ts';
import { pairs, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

const kills = 4;

describe('flow: the hub is killed while it works', function () {
  this.timeout(120_000);
  const house = useHouse({ hub: 'process' });
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  it('of 100 edits all arrive, no row is doubled, no run is started twice, and new work is taken up within 10 s', async () => {
    const chance = new Random(7);
    const all = await pairs(house(), 'deal');
    const counted = async (): Promise<number[]> => [
      (await hubspot().list('deals', ['dealname'])).length,
      (await hubspot().list('notes', ['rapport_id'])).length,
      (await salesforce().query('SELECT Id FROM Opportunity')).length,
    ];
    const [deals, notes, opportunities] = await counted();
    const movers = await movable(all.slice(0, -1), 8);
    const fresh = all.at(-1) as Pair;
    const wanted = new Map<Pair, string>();

    const edit = async (text: string): Promise<void> => {
      const pair = chance.pick(all.slice(0, -1));
      wanted.set(pair, text);
      // One side a record: the order of two sides' edits would be anybody's.
      if (all.indexOf(pair) % 2 === 0) await hubspot().update('deals', pair.hubspot, { hs_next_step: text });
      else await salesforce().update('Opportunity', pair.salesforce, { NextStep: text });
    };
    const edits = (async () => {
      for (let made = 0; made < 100; made += 1) {
        const mover = made % 12 === 0 ? movers[made / 12] : undefined;
        if (mover) await hubspot().update('deals', mover.hubspot, { dealstage: 'qualifiedtobuy' });
        await edit(`Edit ${made}`);
        await pause(chance.between(0, 60));
      }
    })();
    for (let index = 0; index < kills; index += 1) {
      await pause(chance.between(150, 1_200));
      await house().killHub();
      await house().startHub();
    }
    await edits;
    const startedAt_ms = Date.now();
    await hubspot().update('deals', fresh.hubspot, { hs_next_step: 'After the last kill' });
    await eventually(async () => {
      const row = await salesforce().read('Opportunity', fresh.salesforce, ['NextStep']);
      assert.equal(row['NextStep'], 'After the last kill');
    }, 10_000);
    assert.ok(Date.now() - startedAt_ms < 10_000);

    await eventually(async () => {
      const here = new Map(
        (await hubspot().list('deals', ['hs_next_step'])).map((row) => [row.id, row.properties['hs_next_step']]),
      );
      const there = new Map(
        (await salesforce().query('SELECT Id, NextStep FROM Opportunity')).map((row) => [row.Id, row['NextStep']]),
      );
      for (const [pair, value] of wanted)
        assert.deepEqual([here.get(pair.hubspot), there.get(pair.salesforce)], [value, value]);
    }, 40_000);
    await house().quiet(40_000);
    const runs = await house().sql<{ record: string; count: number; done: boolean }>(
      `select record_id as record, count(*)::int, bool_and(state = 'succeeded') as done from run group by record_id`,
    );
    assert.deepEqual(
      runs.toSorted((a, b) => (a.record < b.record ? -1 : 1)),
      movers
        .map(({ recordId }) => ({ record: recordId, count: 1, done: true }))
        .toSorted((a, b) => (a.record < b.record ? -1 : 1)),
    );
    const reports = await salesforce().query('SELECT Opportunity__c FROM Research_Report__c');
    assert.deepEqual(
      reports.map((row) => String(row['Opportunity__c'])).sort(),
      movers.map((pair) => pair.salesforce).sort(),
    );
    assert.deepEqual(await counted(), [deals, (notes as number) + movers.length, opportunities]);
  });

  async function movable(from: readonly Pair[], count: number): Promise<Pair[]> {
    const rows = await house().sql<{ id: string }>(
      `select id from record where kind = 'deal' and fields->>'stage' <> 'qualifiedtobuy' and fields->>'company' is not null`,
    );
    const ids = new Set(rows.map(({ id }) => id));
    return from.filter((pair) => ids.has(pair.recordId)).slice(0, count);
  }
});
