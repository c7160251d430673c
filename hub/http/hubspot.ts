import { z } from 'zod';
import type { CrmConnector } from '../../protocol/crm-connector.ts';
import { Invalid } from '../../protocol/errors.ts';
import { jsonBody } from './json-body.ts';
import { dealOf, startResearch, type ResearchDeps } from './research.ts';
import { startRun } from '../runs/start-run.ts';
import type { Route } from './route.ts';
import { rawRequest } from './webhooks.ts';
import { readDealView } from '../view/read-deal-view.ts';

const bodyLimit_bytes = 64_000;
const objectId = z.string().regex(/^\d{1,20}$/, 'a HubSpot record id has digits only');
const click = z.strictObject({ objectId, clickId: z.uuid() });

/**
 * What HubSpot's servers call for a card (`hubspot.fetch`) and a workflow step. Who asks is read from signed values only;
 * the record id comes from the card and reaches nothing outside the signed account. Expected outcomes are 200 with a
 * typed body: HubSpot hides others from the card.
 */
export function hubspotRoutes(deps: ResearchDeps & { connector: CrmConnector }): Route[] {
  const { signedRequests } = deps.connector;
  if (!signedRequests) return [];
  const policy = 'vendor-signature' as const;
  return [
    {
      method: 'GET',
      path: '/cards/deal',
      policy,
      bodyLimit_bytes: 0,
      handle: async (ctx, body) => {
        const { accountId } = signedRequests.verifyUi(rawRequest(ctx, body));
        const id = objectId.safeParse(ctx.query['objectId']);
        if (!id.success)
          throw new Invalid(
            'objectId is missing or no HubSpot record id.',
            'Send the id of the deal that the card is on.',
          );
        const at = await deps.store.route('hubspot', accountId);
        ctx.body = at ? await readDealView(deps, at, id.data) : { status: 'not_connected' };
      },
    },
    {
      method: 'POST',
      path: '/cards/research',
      policy,
      bodyLimit_bytes,
      handle: async (ctx, body) => {
        const { accountId, userId } = signedRequests.verifyUi(rawRequest(ctx, body));
        const asked = jsonBody(body, click);
        const at = await deps.store.route('hubspot', accountId);
        ctx.body = at
          ? await startResearch(deps, at, asked.objectId, { click: asked.clickId, userId })
          : { status: 'not_connected' };
      },
    },
    {
      method: 'POST',
      path: '/hubspot/actions/research',
      policy,
      bodyLimit_bytes,
      handle: async (ctx, body) => {
        const call = signedRequests.verifyAction(rawRequest(ctx, body));
        const at = await deps.store.route('hubspot', call.accountId);
        const recordId = at && (await dealOf(deps, at, call.objectId));
        if (!at || recordId === undefined) {
          // The workflow goes on; its history shows why this step did nothing.
          ctx.body = {
            outputFields: { hs_execution_state: 'FAIL_CONTINUE', reason: at ? 'not_synced' : 'not_connected' },
          };
          return;
        }
        const started = await startRun(
          deps,
          at.tenantId,
          { job: 'research', recordId },
          { callbackId: call.callbackId, installationId: at.installationId },
        );
        if ('refused' in started) {
          ctx.body = { outputFields: { hs_execution_state: 'FAIL_CONTINUE', reason: started.refused } };
          return;
        }
        ctx.body = { outputFields: { hs_execution_state: 'BLOCK', hs_expiration_duration: 'PT1H' } };
      },
    },
  ];
}
