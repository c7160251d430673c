import assert from 'node:assert/strict';
import { setTimeout as pause } from 'node:timers/promises';
import { orgs, portals } from '../../sandbox/seed/credentials.ts';
import type { RecordHistory } from '../../hub/view/record-history.ts';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { rapport } from '../kit/rapport-command.ts';
import { useHouse } from '../kit/use-house.ts';

const portalId = String(portals[0].portalId);

interface ConflictRow {
  field: string;
  winner: string;
  loser: string;
  lost: unknown;
  kept: unknown;
}

describe('flow: edits of both sides at once', function () {
  this.timeout(40_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const both = async (deal: Pair): Promise<Record<string, unknown>> => {
    const here = (await hubspot().read('deals', deal.hubspot, ['hs_next_step', 'description', 'amount'])).properties;
    const there = await salesforce().read('Opportunity', deal.salesforce, ['NextStep', 'Description', 'Amount']);
    assert.equal(here['hs_next_step'], there['NextStep']);
    assert.equal(here['description'], there['Description']);
    assert.equal(Number(here['amount']), there['Amount']);
    return { nextStep: there['NextStep'], description: there['Description'], amount: there['Amount'] };
  };
  const conflictsOf = (deal: Pair): Promise<ConflictRow[]> =>
    house().sql<ConflictRow>('select field, winner, loser, lost, kept from conflict where record_id = $1 order by id', [
      deal.recordId,
    ]);
  const lost = (conflicts: readonly ConflictRow[]): string[] =>
    conflicts.map(
      ({ field, winner, loser, lost, kept }) =>
        `${field}: ${winner} over ${loser}: ${String(kept)} over ${String(lost)}`,
    );

  it('edits of different fields both live', async () => {
    const deal = await supply.take('deal');
    await Promise.all([
      hubspot().update('deals', deal.hubspot, { hs_next_step: 'From HubSpot', amount: '1000' }),
      salesforce().update('Opportunity', deal.salesforce, { Description: 'From Salesforce' }),
    ]);
    await eventually(async () =>
      assert.deepEqual(await both(deal), { nextStep: 'From HubSpot', description: 'From Salesforce', amount: 1000 }),
    );
    await house().quiet();
    assert.deepEqual(await conflictsOf(deal), []);
  });

  it('of the same field the newest edit wins, on either side, and the loser is kept', async () => {
    const [laterThere, laterHere] = await supply.takeAll('deal', 2);
    assert.ok(laterThere && laterHere);
    const body = { status: 'error', errorType: 'RATE_LIMIT', policyName: 'TEN_SECONDLY_ROLLING', message: 'limit' };
    // Neither side can be written while the second edit is made: both are seen before one of them travels.
    await house().arm('hubspot', {
      name: 'api.status',
      match: { portalId, path: '/crm/objects/2026-09/deals/batch/update' },
      params: { status: 429, body: { ...body, category: 'RATE_LIMITS' }, retryAfter: 5 },
    });
    await house().arm('salesforce', {
      name: 'api.status',
      match: { client: orgs[0].integration.clientId, method: 'PATCH' },
      params: { status: 503 },
    });
    await hubspot().update('deals', laterThere.hubspot, { hs_next_step: 'Older', description: 'Only here' });
    await salesforce().update('Opportunity', laterHere.salesforce, { NextStep: 'Older', Description: 'Only there' });
    await pause(3_100);
    await salesforce().update('Opportunity', laterThere.salesforce, { NextStep: 'Newer' });
    await hubspot().update('deals', laterHere.hubspot, { hs_next_step: 'Newer' });
    for (const deal of [laterThere, laterHere])
      await eventually(async () => assert.equal((await both(deal))['nextStep'], 'Newer'), 15_000);
    assert.equal((await both(laterThere))['description'], 'Only here');
    assert.equal((await both(laterHere))['description'], 'Only there');
    assert.deepEqual(lost(await conflictsOf(laterThere)), ['nextStep: salesforce over hubspot: Newer over Older']);
    assert.deepEqual(lost(await conflictsOf(laterHere)), ['nextStep: hubspot over salesforce: Newer over Older']);

    const command = (...args: string[]): ReturnType<typeof rapport> =>
      rapport(args, { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub });
    const asked = ['history', 'hubspot', portalId, 'deals', laterHere.hubspot, '--field', 'nextStep'];
    const why = JSON.parse((await command(...asked, '--json')).stdout) as RecordHistory;
    const [conflict] = why.fields.flatMap((field) => field.lost);
    assert.deepEqual([conflict?.side, conflict?.value, conflict?.keptInstead], ['salesforce', 'Older', 'Newer']);
    const [change] = why.fields.flatMap((field) => field.changes);
    assert.deepEqual([change?.side, change?.after, change?.because], ['hubspot', 'Newer', 'event']);
    assert.match(change?.by ?? '', /^person:\d+$/);
    assert.match(
      (await command(...asked)).stdout,
      /^nextStep: "Newer"\n.* Lena Vogt in hubspot, an edit, told by an event/m,
    );

    const restored = await command('restore', why.tenantId, conflict?.id ?? '');
    assert.deepEqual([restored.code, restored.stdout], [0, 'Restored: nextStep.\n']);
    await eventually(async () => assert.equal((await both(laterHere))['nextStep'], 'Older'), 15_000);
    const unknown = await command('restore', why.tenantId, 'nothing');
    assert.deepEqual([unknown.code, unknown.stdout], [1, '']);
    assert.match(unknown.stderr, /no such conflict/);
  });

  it('a stretch of edits is taken back on both sides, but where somebody has been since', async () => {
    const deals = await supply.takeAll('deal', 3);
    const from = new Date().toISOString();
    for (const deal of deals) await hubspot().update('deals', deal.hubspot, { hs_next_step: 'By mistake' });
    for (const deal of deals)
      await eventually(async () => assert.equal((await both(deal))['nextStep'], 'By mistake'), 15_000);
    const to = new Date().toISOString();
    await pause(3_100);
    const [since, ...rest] = deals as [Pair, ...Pair[]];
    await salesforce().update('Opportunity', since.salesforce, { NextStep: 'On purpose' });
    await eventually(async () => assert.equal((await both(since))['nextStep'], 'On purpose'), 15_000);

    const set = ['undo', 'tenant-a', '--from', from, '--to', to, '--side', 'hubspot', '--field', 'nextStep'];
    const command = (...args: string[]): ReturnType<typeof rapport> =>
      rapport(args, { DATA_DIR: house().dataDir, RAPPORT_URL: house().urls.hub });
    assert.match(
      (await command(...set)).stdout,
      /^Would take back 2 fields of 2 records\. Set again since, and left: 1 field\./,
    );
    assert.match((await command(...set)).stdout, /^ {2}deal ".+" nextStep: "By mistake" -> (?!"By mistake")/m);
    assert.match((await command(...set, '--confirm')).stdout, /^Taken back: 2 fields of 2 records/);
    for (const deal of rest)
      await eventually(async () => assert.notEqual((await both(deal))['nextStep'], 'By mistake'), 15_000);
    await house().quiet();
    assert.equal((await both(since))['nextStep'], 'On purpose');
  });

  it('an edit that was written over before its event came is kept as a conflict', async () => {
    const deal = await supply.take('deal');
    const match = { portalId, objectId: deal.hubspot, propertyName: 'hs_next_step' };
    await house().arm('hubspot', { name: 'webhook.delay', match, params: { delay_ms: 1_500 } });
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Told too late' });
    await salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Came first' });
    await eventually(async () => {
      assert.equal((await both(deal))['nextStep'], 'Came first');
      const [conflict] = await conflictsOf(deal);
      assert.deepEqual([conflict?.lost, conflict?.kept], ['Told too late', 'Came first']);
    });
  });

  it('edits of the same field in the same moment end equal on both sides, and the loser is kept', async () => {
    const deals = await supply.takeAll('deal', 5);
    await Promise.all(
      deals.flatMap((deal) => [
        hubspot().update('deals', deal.hubspot, { hs_next_step: 'One' }),
        salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Other' }),
      ]),
    );
    await house().quiet();
    for (const deal of deals) {
      const { nextStep } = await both(deal);
      const conflicts = await conflictsOf(deal);
      const values = await house().sql<{ after: string }>(
        `select after from change where record_id = $1 and field = 'nextStep' and cause->>'lane' <> 'first'`,
        [deal.recordId],
      );
      // Seen one after the other both are in the history; seen at once the loser is a conflict.
      const known = [...values.map(({ after }) => after), ...conflicts.map((one) => String(one.lost)), nextStep];
      assert.ok(known.includes('One') && known.includes('Other'), `nothing is lost: ${JSON.stringify(known)}`);
    }
  });

  it('an edit that arrives while our own write is unconfirmed survives', async () => {
    const deal = await supply.take('deal');
    const path = '/crm/objects/2026-09/deals/batch';
    await house().arm(
      'hubspot',
      { name: 'api.timeout_after_commit', match: { portalId, path: `${path}/update` } },
      {
        name: 'api.status',
        times: 2,
        match: { portalId, path: `${path}/read` },
        params: { status: 503, body: { status: 'error', message: 'unavailable' } },
      },
    );
    await salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Ours, unconfirmed' });
    await eventually(async () => {
      const { properties } = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
      assert.equal(properties['hs_next_step'], 'Ours, unconfirmed');
    });
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Theirs, on top', description: 'And this' });
    await eventually(async () => {
      await house().passPauses('hubspot-a');
      const { nextStep, description } = await both(deal);
      assert.deepEqual([nextStep, description], ['Theirs, on top', 'And this']);
    }, 20_000);
    await house().quiet(20_000);
    assert.equal((await both(deal))['nextStep'], 'Theirs, on top');
    assert.deepEqual(await house().armed('hubspot'), [], 'the write was unconfirmed for a while');
  });

  it('many quick edits of one field end with the last', async () => {
    const deal = await supply.take('deal');
    for (let index = 1; index <= 30; index += 1)
      await hubspot().update('deals', deal.hubspot, { hs_next_step: `Edit ${index}` });
    await eventually(async () => assert.equal((await both(deal))['nextStep'], 'Edit 30'));
    await house().quiet();
    assert.equal((await both(deal))['nextStep'], 'Edit 30');
  });
});
