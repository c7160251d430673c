import { randomInt, randomUUID } from 'node:crypto';
import { setTimeout as sleep } from 'node:timers/promises';
import { Router } from '@koa/router';
import { z } from 'zod';
import type { Collection } from '../kit/storage.ts';
import { hubspotApp } from '../seed/credentials.ts';
import { notFound, validationError } from './errors.ts';
import { actorOf, checkVersion, readBody } from './http.ts';
import { mustFind } from './object-request.ts';
import { deals } from './object-types.ts';
import type { Project } from './project.ts';
import { renderRecord } from './record-view.ts';
import { signV2 } from './signature.ts';
import type { HubspotState } from './state.ts';

/** One execution of the app's workflow action, for one enrolled record. */
interface Callback {
  callbackId: string;
  portalId: number;
  dealId: string;
  actionUid: string;
  /** CALLED until the app answered; BLOCKED waits for a completion; FAILED ended the step. */
  state: 'CALLED' | 'SUCCESS' | 'FAIL_CONTINUE' | 'BLOCKED' | 'COMPLETED' | 'FAILED';
  attempts: number;
  status?: number;
  outputFields?: Record<string, unknown>;
  /** How often the app completed it; the first one counts. */
  completions: number;
}

const enrol = z.strictObject({
  portalId: z.int(),
  dealId: z.string(),
  actionUid: z.string(),
  inputFields: z.record(z.string(), z.unknown()).default({}),
});
const outputs = z.record(z.string(), z.unknown());
const completion = z.strictObject({
  outputFields: outputs,
  typedOutputs: z.unknown(),
  failureReasonType: z.string().optional(),
  requestContext: z.unknown().optional(),
});
const completions = z.strictObject({
  inputs: z
    .array(completion.extend({ callbackId: z.string() }))
    .min(1)
    .max(100),
});
const reply = z.object({ outputFields: outputs.optional() });

const mostAttempts = 3;
const retryAfter_ms = 500;
const answerWithin_ms = 20_000;

/**
 * Custom workflow actions (HubSpot docs, custom workflow actions): `POST /_ui/workflow-action` enrols a deal, the app is called
 * with signature version 2, and completes a blocked step at `/automation/actions/callbacks`.
 */
export function workflowRouter(state: HubspotState): Router {
  const router = new Router();
  router.param('version', checkVersion);
  const callbacks = state.context.storage.collection<Callback>('callback');
  router.post('/_ui/workflow-action', async (ctx) => {
    const given = readBody(ctx, enrol);
    const action = state.project?.workflowActions.find((one) => one.uid === given.actionUid);
    if (!action) throw notFound(`the app's project has no workflow action ${given.actionUid}`);
    const stray = Object.keys(given.inputFields).find((name) => !action.inputFields.includes(name));
    if (stray !== undefined) throw validationError(`${given.actionUid} has no input field ${stray}`);
    ctx.body = await execute(state, callbacks, action, given);
  });
  router.get('/_ui/callbacks/:callbackId', (ctx) => {
    const found = callbacks.get(ctx.params['callbackId'] ?? '');
    if (!found) throw notFound();
    ctx.body = found;
  });
  const base = '/automation/actions/callbacks/:version';
  router.post(`${base}/complete`, (ctx) => {
    for (const { callbackId, ...done } of readBody(ctx, completions).inputs) {
      complete(callbacks, actorOf(ctx).portalId, callbackId, done);
    }
    ctx.status = 204;
  });
  router.post(`${base}/:callbackId/complete`, (ctx) => {
    complete(callbacks, actorOf(ctx).portalId, ctx.params['callbackId'] ?? '', readBody(ctx, completion));
    ctx.status = 204;
  });
  return router;
}

function complete(
  callbacks: Collection<Callback>,
  portalId: number,
  callbackId: string,
  done: z.infer<typeof completion>,
): void {
  const found = callbacks.get(callbackId);
  if (!found || found.portalId !== portalId) throw notFound(`no callback ${callbackId}`);
  const first = found.state !== 'COMPLETED';
  callbacks.set(callbackId, {
    ...found,
    state: 'COMPLETED',
    completions: found.completions + 1,
    ...(first && { outputFields: done.outputFields }),
  });
}

/** 5xx and silence are tried again; 4xx ends the step, but 429 waits `Retry-After` milliseconds. */
async function execute(
  state: HubspotState,
  callbacks: Collection<Callback>,
  action: Project['workflowActions'][number],
  given: z.infer<typeof enrol>,
): Promise<Callback> {
  const { portalId, dealId, actionUid, inputFields } = given;
  const record = mustFind(state, portalId, deals, dealId);
  const callbackId = `ap-${portalId}-${randomUUID()}-0-0`;
  const started: Callback = { callbackId, portalId, dealId, actionUid, state: 'CALLED', attempts: 0, completions: 0 };
  callbacks.set(callbackId, started);
  const body = JSON.stringify({
    callbackId,
    origin: { portalId, actionDefinitionId: 1, actionDefinitionVersion: 1 },
    context: { source: 'WORKFLOWS', workflowId: randomInt(1, 2 ** 31) },
    object: {
      objectId: Number(dealId),
      objectType: 'DEAL',
      properties: renderRecord(state, deals, record, { properties: action.properties })['properties'],
    },
    inputFields,
  });
  for (let attempt = 1; attempt <= mostAttempts; attempt += 1) {
    const answer = await callApp(action.actionUrl, body).catch(() => undefined);
    // A fast app may have completed the callback before its own answer arrived.
    const seen = { ...(callbacks.get(callbackId) ?? started), attempts: attempt };
    if (answer?.status === 429) await sleep(Number(answer.headers.get('retry-after') ?? retryAfter_ms));
    else if (!answer || answer.status >= 500) await sleep(retryAfter_ms);
    else return settle(callbacks, seen, answer.status, await answer.json().catch(() => ({})));
    callbacks.set(callbackId, { ...seen, ...(answer && { status: answer.status }) });
  }
  return settle(callbacks, callbacks.get(callbackId) ?? started, undefined, {});
}

function settle(
  callbacks: Collection<Callback>,
  seen: Callback,
  status: number | undefined,
  answer: unknown,
): Callback {
  const outputFields = reply.safeParse(answer).data?.outputFields ?? {};
  const settled: Callback = {
    ...seen,
    ...(status !== undefined && { status }),
    ...(seen.state !== 'COMPLETED' && { state: stateOf(status, outputFields), outputFields }),
  };
  callbacks.set(seen.callbackId, settled);
  return settled;
}

function stateOf(status: number | undefined, outputFields: Record<string, unknown>): Callback['state'] {
  if (status === undefined || status >= 400) return 'FAILED';
  const asked = outputFields['hs_execution_state'];
  if (asked === 'BLOCK') return 'BLOCKED';
  return asked === 'FAIL_CONTINUE' ? 'FAIL_CONTINUE' : 'SUCCESS';
}

function callApp(uri: string, body: string): Promise<Response> {
  return fetch(uri, {
    method: 'POST',
    redirect: 'manual',
    headers: {
      'content-type': 'application/json',
      'x-hubspot-signature-version': 'v2',
      'x-hubspot-signature': signV2(hubspotApp.clientSecret, { method: 'POST', uri, body }),
    },
    body,
    signal: AbortSignal.timeout(answerWithin_ms),
  });
}
