import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

interface RunRow {
  id: string;
  state: string;
  message: string | null;
  attempts: number;
}

describe('flow: what starts research, and what joins it', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const runsOf = (pair: Pair): Promise<RunRow[]> =>
    house().sql<RunRow>('select id, state, message, attempts from run where record_id = $1 order by id', [
      pair.recordId,
    ]);
  const ended = (pair: Pair, count = 1): Promise<RunRow[]> =>
    eventually(async () => {
      const runs = await runsOf(pair);
      assert.ok(runs.length >= count && runs.every((run) => ['succeeded', 'failed'].includes(run.state)));
      return runs;
    }, 15_000);
  /** A deal that is in both CRMs, has a company and is not in the stage of the trigger. */
  const freshDeal = async (): Promise<Pair> => {
    for (;;) {
      const pair = await supply.take('deal');
      const [record] = await house().sql<{ stage: string; company: string | null }>(
        `select fields->>'stage' as stage, fields->>'company' as company from record where id = $1`,
        [pair.recordId],
      );
      if (record?.company && record.stage !== 'qualifiedtobuy') return pair;
    }
  };

  it('a deal that enters its stage in HubSpot starts one run, whose report is in both CRMs', async () => {
    const deal = await freshDeal();
    await hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' });
    const runs = await ended(deal);
    assert.deepEqual(
      runs.map(({ state, attempts }) => ({ state, attempts })),
      [{ state: 'succeeded', attempts: 1 }],
    );
    await house().quiet();
    const reports = await salesforce().query(
      `SELECT Id, Name, Summary__c, Body__c, Model__c, Rapport_Id__c FROM Research_Report__c WHERE Opportunity__c = '${deal.salesforce}'`,
    );
    assert.equal(reports.length, 1);
    const [report] = reports;
    assert.ok(String(report?.['Summary__c']).length > 40 && String(report?.['Body__c']).length > 200);
    const row = await hubspot().read(
      'deals',
      deal.hubspot,
      ['rapport_research_summary', 'rapport_researched_at'],
      ['notes'],
    );
    assert.equal(row.properties['rapport_research_summary'], report?.['Summary__c'], 'the summary is on the deal');
    assert.ok(row.properties['rapport_researched_at']);
    const notes = await Promise.all(
      (row.associations['notes'] ?? []).map((id) => hubspot().read('notes', id, ['hs_note_body', 'rapport_id'])),
    );
    const ours = notes.filter((note) => note.properties['rapport_id'] === report?.['Rapport_Id__c']);
    assert.equal(ours.length, 1, 'the report is a note on the deal');
    assert.match(String(ours[0]?.properties['hs_note_body']), /<h\d|<p>|<li>/);
    const opportunity = await salesforce().read('Opportunity', deal.salesforce, [
      'Rapport_Research_Summary__c',
      'StageName',
    ]);
    assert.equal(opportunity['Rapport_Research_Summary__c'], report?.['Summary__c']);
    assert.equal(opportunity['StageName'], 'Qualification');
  });

  it('an Opportunity that enters its stage in Salesforce starts one run', async () => {
    const deal = await freshDeal();
    await salesforce().update('Opportunity', deal.salesforce, { StageName: 'Qualification' });
    assert.equal((await ended(deal)).length, 1);
    await eventually(async () => {
      const { properties } = await hubspot().read('deals', deal.hubspot, ['dealstage']);
      assert.equal(properties['dealstage'], 'qualifiedtobuy');
    });
    await house().quiet();
    assert.equal((await runsOf(deal)).length, 1, 'its own image in HubSpot starts nothing');
  });

  it('one stage moved in both CRMs at once is one run', async () => {
    const deal = await freshDeal();
    await Promise.all([
      hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' }),
      salesforce().update('Opportunity', deal.salesforce, { StageName: 'Qualification' }),
    ]);
    await ended(deal);
    await house().quiet();
    assert.equal((await runsOf(deal)).length, 1);
  });

  it('five triggers at once are one run, and every workflow step that waits is completed', async () => {
    const deal = await freshDeal();
    const click = { objectId: deal.hubspot, clickId: randomUUID() };
    const [, , , ...callbacks] = await Promise.all([
      hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' }),
      hubspot().card('POST', `${house().urls.hub}/cards/research`, click),
      salesforce().apex('startResearch', { recordId: deal.salesforce, clickId: randomUUID() }),
      hubspot().enrol(deal.hubspot),
      hubspot().enrol(deal.hubspot),
    ]);
    assert.deepEqual(
      callbacks.map((callback) => callback.state).filter((state) => state !== 'COMPLETED'),
      Array.from({ length: callbacks.filter((callback) => callback.state !== 'COMPLETED').length }, () => 'BLOCKED'),
    );
    assert.equal((await ended(deal)).length, 1);
    for (const { callbackId } of callbacks) {
      const done = await eventually(async () => {
        const seen = await hubspot().callback(callbackId);
        assert.equal(seen.state, 'COMPLETED');
        return seen;
      });
      assert.equal(done.completions, 1);
      assert.equal(done.outputFields?.['hs_execution_state'], 'SUCCESS');
      assert.equal(done.outputFields?.['research_outcome'], 'succeeded');
    }
    await house().quiet();
    assert.equal((await runsOf(deal)).length, 1);
  });

  it('a stage whose event is lost, seen only beneath a write of ours, still starts its run', async () => {
    const deal = await freshDeal();
    const match = { orgId: salesforce().orgId, entity: 'Opportunity' };
    await house().arm('salesforce', { name: 'event.drop', match });
    await salesforce().update('Opportunity', deal.salesforce, { StageName: 'Qualification' });
    // Our write makes us the one who changed the row last.
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Written over here' });
    await ended(deal);
    await house().quiet();
    assert.equal((await runsOf(deal)).length, 1);
  });

  it('the same click twice is one run; another click after it is another', async () => {
    const deal = await freshDeal();
    const click = { objectId: deal.hubspot, clickId: randomUUID() };
    for (let index = 0; index < 2; index += 1)
      await hubspot().card('POST', `${house().urls.hub}/cards/research`, click);
    await ended(deal);
    await hubspot().card('POST', `${house().urls.hub}/cards/research`, click);
    assert.equal((await runsOf(deal)).length, 1);
    await hubspot().card('POST', `${house().urls.hub}/cards/research`, { ...click, clickId: randomUUID() });
    assert.equal((await ended(deal, 2)).length, 2);
  });

  it('an edit of another field of a deal in the stage starts nothing; leaving and entering again does', async () => {
    const deal = await freshDeal();
    await hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' });
    await ended(deal);
    await salesforce().update('Opportunity', deal.salesforce, { NextStep: 'Another field' });
    await house().quiet();
    assert.equal((await runsOf(deal)).length, 1);
    await hubspot().update('deals', deal.hubspot, { dealstage: 'contractsent' });
    await house().quiet();
    await hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' });
    assert.equal((await ended(deal, 2)).length, 2);
  });

  it('a run that fails says why on the card, files nothing, lets the workflow go on, and can be started again', async () => {
    const deal = await freshDeal();
    await house().arm('model', { name: 'model.refusal', times: 50 });
    const { callbackId } = await hubspot().enrol(deal.hubspot);
    const [run] = await ended(deal);
    assert.equal(run?.state, 'failed');
    assert.ok(run.message && run.message.length > 20);
    const view = (await hubspot().card('GET', `${house().urls.hub}/cards/deal?objectId=${deal.hubspot}`)) as {
      status: string;
      deal?: { run: { state: string; error: string } };
      view?: { run: { state: string; error: string } };
    };
    assert.match(JSON.stringify(view), /"state":"failed"/);
    assert.ok(JSON.stringify(view).includes(JSON.stringify(run.message).slice(1, -1)));
    await eventually(async () => {
      const { state, outputFields } = await hubspot().callback(callbackId);
      assert.equal(state, 'COMPLETED');
      assert.equal(outputFields?.['hs_execution_state'], 'FAIL_CONTINUE');
      assert.equal(outputFields['research_outcome'], 'failed');
    });
    await house().quiet();
    const query = `SELECT Id FROM Research_Report__c WHERE Opportunity__c = '${deal.salesforce}'`;
    assert.deepEqual(await salesforce().query(query), []);
    await house().clearFaults('model');
    await salesforce().apex('startResearch', { recordId: deal.salesforce, clickId: randomUUID() });
    assert.deepEqual(
      (await ended(deal, 2)).map(({ state }) => state),
      ['failed', 'succeeded'],
    );
    await eventually(async () => assert.equal((await salesforce().query(query)).length, 1));
  });

  it('a report deleted in Salesforce stays deleted, and the deal goes on', async () => {
    const deal = await freshDeal();
    await hubspot().update('deals', deal.hubspot, { dealstage: 'qualifiedtobuy' });
    await ended(deal);
    const query = `SELECT Id FROM Research_Report__c WHERE Opportunity__c = '${deal.salesforce}'`;
    const [report] = await eventually(async () => {
      const found = await salesforce().query(query);
      assert.equal(found.length, 1);
      return found;
    });
    assert.ok(report);
    await house().quiet();
    await salesforce().delete('Research_Report__c', report.Id);
    await hubspot().update('deals', deal.hubspot, { hs_next_step: 'Goes on' });
    await eventually(async () =>
      assert.equal((await salesforce().read('Opportunity', deal.salesforce, ['NextStep']))['NextStep'], 'Goes on'),
    );
    await house().quiet();
    assert.deepEqual(await salesforce().query(query), []);
  });
});
