import assert from 'node:assert/strict';
import { portalIds } from '../../kit/card-fetch.ts';
import { eventually } from '../../kit/eventually.ts';
import type { House } from '../../kit/house.ts';
import { callActionAsHubspot } from '../../kit/hubspot-app.ts';
import type { PairSupply } from '../../kit/pairs.ts';

interface Step {
  callbackId: string;
  state: string;
  completions: number;
  outputFields: Record<string, unknown>;
}

export function workflowAction(house: () => House, supply: PairSupply): void {
  const url = (): string => `${house().urls.hub}/hubspot/actions/research`;
  const enrol = async (dealId: string): Promise<Step> => {
    const answer = await fetch(`${house().urls.hubspot}/_ui/workflow-action`, {
      method: 'POST',
      headers: { authorization: 'Bearer sandbox', 'content-type': 'application/json' },
      body: JSON.stringify({ portalId: portalIds.a, dealId, actionUid: 'rapport_start_research' }),
    });
    assert.equal(answer.status, 200);
    return (await answer.json()) as Step;
  };
  const stepOf = async (callbackId: string): Promise<Step> => {
    const answer = await fetch(`${house().urls.hubspot}/_ui/callbacks/${callbackId}`, {
      headers: { authorization: 'Bearer sandbox' },
    });
    return (await answer.json()) as Step;
  };
  const callOf = (callbackId: string, objectId: number, portalId: number = portalIds.a): string =>
    JSON.stringify({
      callbackId,
      origin: { portalId, actionDefinitionId: 1, actionDefinitionVersion: 1 },
      context: { source: 'WORKFLOWS', workflowId: 7 },
      object: { objectId, objectType: 'DEAL', properties: {} },
      inputFields: {},
    });

  describe('a workflow step', () => {
    it('blocks until the run ends, then goes on by its callback', async () => {
      const { hubspot, recordId } = await supply.take('deal');
      const step = await enrol(hubspot);
      assert.ok(['BLOCKED', 'COMPLETED'].includes(step.state), step.state);
      const done = await eventually(async () => {
        const now = await stepOf(step.callbackId);
        assert.equal(now.state, 'COMPLETED');
        return now;
      }, 15_000);
      assert.equal(done.completions, 1);
      assert.equal(done.outputFields['hs_execution_state'], 'SUCCESS');
      assert.equal(done.outputFields['research_outcome'], 'succeeded');
      const runs = await house().sql<{ cause: { id: string } }>('select cause from run where record_id = $1', [
        recordId,
      ]);
      assert.deepEqual(
        runs.map(({ cause }) => cause.id),
        [`callback:${step.callbackId}`],
      );
    }).timeout(30_000);

    it('told again and again is one run', async () => {
      const { hubspot, recordId } = await supply.take('deal');
      const body = callOf('ap-repeated-0-0', Number(hubspot));
      const answers = await Promise.all(Array.from({ length: 5 }, () => callActionAsHubspot(url(), body)));
      for (const answer of answers) {
        assert.equal(answer.status, 200);
        const { outputFields } = (await answer.json()) as Step;
        assert.equal(outputFields['hs_execution_state'], 'BLOCK');
      }
      await house().quiet();
      await callActionAsHubspot(url(), body);
      await house().quiet();
      assert.equal((await house().sql('select from run where record_id = $1', [recordId])).length, 1);
    }).timeout(30_000);

    it('of a deal or an account that the hub does not know goes on, and its history says why', async () => {
      for (const [body, reason] of [
        [callOf('ap-1', 999_000_001), 'not_synced'],
        [callOf('ap-2', 1, 9_999_999), 'not_connected'],
      ] as const) {
        const answer = await callActionAsHubspot(url(), body);
        assert.equal(answer.status, 200);
        assert.deepEqual(await answer.json(), { outputFields: { hs_execution_state: 'FAIL_CONTINUE', reason } });
      }
    });

    it('unsigned or forged: 401; signed and unreadable: 400', async () => {
      const body = callOf('ap-3', 1);
      assert.equal((await fetch(url(), { method: 'POST', body })).status, 401);
      assert.equal((await callActionAsHubspot(url(), body, 'guessed')).status, 401);
      assert.equal((await callActionAsHubspot(`${url()}?portalId=1`, body)).status, 200, 'the query is signed too');
      assert.equal((await callActionAsHubspot(url(), '{"callbackId":"x"}')).status, 400);
      assert.equal((await callActionAsHubspot(url(), '[')).status, 400);
      assert.equal((await callActionAsHubspot(url(), `"${'x'.repeat(64_000)}"`)).status, 413);
    });
  });
}
