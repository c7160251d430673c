import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import type { DealView } from '../../../hub/view/deal-view.ts';
import type { ViewAnswer } from '../../../hub/view/read-deal-view.ts';
import { cardFetch, portalIds } from '../../kit/card-fetch.ts';
import { componentCall, componentToken } from '../../kit/component-token.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import type { PairSupply } from '../../kit/pairs.ts';

const instant = z.iso.datetime();
const text = z.string().min(1);

/** The brief as card and component read it. */
const brief = z.strictObject({
  createdAt: instant,
  model: text,
  summary: text,
  whatTheyDo: text,
  competitors: z.array(z.strictObject({ name: text, domain: z.string().nullable(), why: text, source: z.url() })),
  talkingPoints: z.array(z.strictObject({ text, source: z.url() })),
  social: z.array(
    z.union([
      z.strictObject({
        network: text,
        status: z.literal('available'),
        followers: z.int(),
        posts: z.int().nullable(),
        source: z.url(),
      }),
      z.strictObject({
        network: text,
        status: z.literal('unavailable'),
        reason: text,
        code: text.optional(),
      }),
    ]),
  ),
  sources: z.array(z.strictObject({ url: z.url(), title: z.string(), fetchedAt: instant })),
});

export function view(house: () => House, supply: PairSupply): void {
  const inHubspot = async (dealId: string): Promise<DealView> => {
    const { body } = await cardFetch(house(), portalIds.a, `/cards/deal?objectId=${dealId}`);
    return shown(body as ViewAnswer);
  };
  const inSalesforce = async (recordId: string): Promise<DealView> => {
    const path = `/salesforce/deal?recordId=${recordId}&userId=0055f000000AAAAAAA`;
    const answer = await componentCall(house(), await componentToken(house(), 'a'), path);
    return shown((await answer.json()) as ViewAnswer);
  };
  describe('the view', () => {
    it('opens with the other side, in that CRM’s own words', async () => {
      const pair = await supply.take('deal');
      const { hubspot, salesforce } = house().people.a;
      await salesforce.update('Opportunity', pair.salesforce, { StageName: 'Value Proposition' });
      await hubspot.update('deals', pair.hubspot, { hs_next_step: 'Show it' });
      await eventually(async () => {
        const deal = await hubspot.read('deals', pair.hubspot, ['dealstage']);
        assert.equal(deal.properties['dealstage'], 'presentationscheduled');
        const row = await salesforce.read('Opportunity', pair.salesforce, ['NextStep']);
        assert.equal(row['NextStep'], 'Show it');
      });
      const fields = ['Owner.Name', 'Owner.Email', 'Amount', 'CurrencyIsoCode', 'LastActivityDate'];
      const row = await salesforce.read('Opportunity', pair.salesforce, fields);
      const { Name: name, Email: email } = row['Owner'] as Record<string, string>;
      const card = await eventually(async () => {
        const found = await inHubspot(pair.hubspot);
        assert.ok(found.otherSide.state === 'linked');
        assert.deepEqual([found.otherSide.stage, found.otherSide.nextStep], ['Value Proposition', 'Show it']);
        return found;
      });
      assert.ok(card.side === 'hubspot' && card.otherSide.state === 'linked');
      assert.equal(card.otherSide.vendor, 'salesforce');
      assert.deepEqual(card.otherSide.owner, { name, email });
      assert.equal(Number(card.otherSide.amount), row['Amount']);
      assert.equal(card.otherSide.currency, row['CurrencyIsoCode']);
      const touched = row['LastActivityDate'] as string | null;
      assert.equal(card.otherSide.lastTouchAt?.slice(0, 10) ?? null, touched);

      const component = await inSalesforce(pair.salesforce);
      assert.ok(component.side === 'salesforce' && component.otherSide.state === 'linked');
      const deal = await hubspot.read('deals', pair.hubspot, ['hubspot_owner_id', 'notes_last_contacted']);
      const { results } = (await hubspot.call('GET', '/crm/owners/2026-09')) as {
        results: { id: string; email: string; firstName: string; lastName: string }[];
      };
      const owner = results.find(({ id }) => id === deal.properties['hubspot_owner_id']);
      assert.ok(owner);
      assert.deepEqual(component.otherSide.owner, {
        name: `${owner.firstName} ${owner.lastName}`,
        email: owner.email,
      });
      const { results: pipelines } = (await hubspot.call('GET', '/crm/pipelines/2026-09/deals')) as {
        results: { stages: { id: string; label: string }[] }[];
      };
      const stage = pipelines[0]?.stages.find(({ id }) => id === 'presentationscheduled');
      assert.equal(component.otherSide.stage, stage?.label);
      const contacted = deal.properties['notes_last_contacted'] ?? null;
      assert.equal(component.otherSide.lastTouchAt, contacted && new Date(contacted).toISOString());
    });

    it('names who made each change, newest first, and how long the mirror took', async () => {
      const pair = await supply.take('deal');
      const { hubspot, salesforce } = house().people.a;
      await hubspot.update('deals', pair.hubspot, { amount: '1234.5' });
      await eventually(async () =>
        assert.equal((await salesforce.read('Opportunity', pair.salesforce, ['Amount']))['Amount'], 1234.5),
      );
      await salesforce.update('Opportunity', pair.salesforce, { NextStep: 'Signed by Sally' });
      const found = await eventually(async () => {
        const seen = await inHubspot(pair.hubspot);
        assert.ok(seen.changes.some(({ after }) => after === 'Signed by Sally'));
        assert.equal(seen.sync.state, 'in_sync');
        return seen;
      });
      const bySally = found.changes.find(({ after }) => after === 'Signed by Sally');
      const inHub = found.changes.find(({ after }) => after === '1234.5');
      assert.ok(bySally && inHub);
      const [me] = await salesforce.query<{ LastModifiedBy: { Name: string } }>(
        `SELECT LastModifiedBy.Name FROM Opportunity WHERE Id = '${pair.salesforce}'`,
      );
      assert.equal(bySally.vendor, 'salesforce');
      assert.deepEqual(bySally.author, { kind: 'person', name: me?.LastModifiedBy.Name });
      assert.equal(inHub.field, 'amount');
      assert.equal(inHub.after, '1234.5');
      assert.equal(inHub.vendor, 'hubspot');
      assert.equal(inHub.author.kind, 'person');
      const { results } = (await hubspot.call('GET', '/crm/owners/2026-09')) as {
        results: { firstName: string; lastName: string }[];
      };
      assert.ok(results.some(({ firstName, lastName }) => inHub.author.name === `${firstName} ${lastName}`));
      assert.deepEqual(
        found.changes
          .map(({ at }) => at)
          .toSorted()
          .toReversed(),
        found.changes.map(({ at }) => at),
      );
      const { lastSyncedAt, lag_ms } = found.sync;
      assert.ok(lastSyncedAt !== null && Math.abs(Date.parse(lastSyncedAt) - Date.now()) < 10_000);
      assert.ok(lag_ms !== null && lag_ms < 10_000, String(lag_ms));
    });

    it('says that Rapport wrote what Rapport wrote', async () => {
      const pair = await supply.take('deal');
      await cardFetch(house(), portalIds.a, '/cards/research', { objectId: pair.hubspot, clickId: randomUUID() });
      const found = await eventually(async () => {
        const seen = await inSalesforce(pair.salesforce);
        assert.ok(seen.changes.some(({ field }) => field === 'researchSummary'));
        return seen;
      }, 15_000);
      const ours = found.changes.find(({ field }) => field === 'researchSummary');
      assert.deepEqual([ours?.author, ours?.vendor], [{ kind: 'rapport', name: 'Rapport' }, 'rapport']);
    }).timeout(30_000);

    it('shows a field that the other CRM refused, with cause and remedy, and lets it go when it is taken', async () => {
      const pair = await supply.take('deal');
      const { hubspot } = house().people.a;
      await hubspot.update('deals', pair.hubspot, { hs_next_step: 'x'.repeat(300) });
      const parked = await eventually(async () => {
        const seen = await inHubspot(pair.hubspot);
        assert.equal(seen.sync.state, 'parked');
        return seen.sync.parked;
      });
      assert.deepEqual(
        parked.map(({ field, cause }) => [field, cause]),
        [['nextStep', 'too_long']],
      );
      assert.ok((parked[0]?.remedy.length ?? 0) > 10 && (parked[0]?.detail.length ?? 0) > 5);
      await hubspot.update('deals', pair.hubspot, { hs_next_step: 'short' });
      await eventually(async () => assert.deepEqual((await inHubspot(pair.hubspot)).sync.parked, []));
    });

    it('shows a run’s progress and then its brief', async () => {
      const pair = await supply.take('deal');
      const before = await inHubspot(pair.hubspot);
      assert.deepEqual([before.run, before.brief, before.canStartResearch], [null, null, true]);
      const click = { objectId: pair.hubspot, clickId: randomUUID() };
      const { body } = await cardFetch(house(), portalIds.a, '/cards/research', click);
      const started = shown(body as ViewAnswer);
      assert.ok(started.run && ['queued', 'running'].includes(started.run.state));
      assert.equal(started.canStartResearch, false);
      const { done, total, step } = started.run.progress;
      assert.ok(done <= total && total > 0);
      assert.ok(['planning', 'reading', 'searching', 'social', 'writing', 'filing'].includes(step));
      const finished = await eventually(async () => {
        const seen = await inSalesforce(pair.salesforce);
        assert.equal(seen.run?.state, 'succeeded');
        return seen;
      }, 15_000);
      assert.equal(finished.run?.id, started.run.id);
      assert.ok(finished.run.startedAt && finished.run.finishedAt && finished.run.error === null);
      const read = brief.parse(finished.brief);
      assert.match(read.model, /Sandbox/);
      assert.ok(finished.canStartResearch);
    }).timeout(30_000);
  });
}

function shown(answer: ViewAnswer): DealView {
  assert.ok(answer.status === 'ok', answer.status);
  return answer.view;
}
