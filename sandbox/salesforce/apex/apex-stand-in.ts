import { Router } from '@koa/router';
import type Koa from 'koa';
import { readLabels } from '../../builders/salesforce/labels.ts';
import { type ApexCall, fillTemplates, readApexMap } from './apex-map.ts';
import { type Credential, HubTokens } from './hub-token.ts';

export interface ApexStandInOptions {
  /** Folder of the Lightning project, with `sandbox/apex.json`. */
  project: string;
  /** Where the Named Credential points. */
  hubUrl: string;
  /** Whose session an access token is; undefined for none. */
  session(accessToken: string): { orgId: string; userId: string } | undefined;
  /** What the org's administrator entered in the External Credential; undefined for nothing. */
  credential(orgId: string): Credential | undefined;
}

/**
 * `POST /_ui/apex/{Class}/{method}` with the method's parameters as JSON: does the HTTP call that the project's map
 * names for it, with the org's credential, and answers its JSON. Salesforce would run the Apex method itself; a failed
 * call comes back as the AuraHandledException that the method throws (Apex docs: AuraHandledException).
 */
export function apexStandIn(options: ApexStandInOptions): Koa.Middleware {
  const map = readApexMap(options.project);
  const labels = readLabels(options.project)['en'] ?? {};
  const tokens = new HubTokens(`${options.hubUrl}/salesforce/oauth/token`);
  const router = new Router();
  router.post('/_ui/apex/:class/:method', async (ctx) => {
    const session = options.session(ctx.get('authorization').replace(/^Bearer /i, ''));
    if (!session) return fail(ctx, 401, 'System.NoAccessException', 'Session expired or invalid');
    const name = `${ctx.params['class']}.${ctx.params['method']}`;
    const call = map[name];
    if (!call)
      return fail(ctx, 404, 'System.TypeException', `No AuraEnabled Apex method ${name}: add it to sandbox/apex.json.`);
    const parameters = readParameters(ctx.state['raw'] as Buffer, call);
    if (typeof parameters === 'string') return fail(ctx, 400, 'System.TypeException', `${name}: ${parameters}`);
    const answer = await perform(call, parameters, session);
    if (answer === undefined) {
      return fail(ctx, 500, 'System.AuraHandledException', labels[call.failureLabel] ?? 'Script-thrown exception');
    }
    ctx.body = answer;
  });
  return router.routes() as Koa.Middleware;

  /** The call's JSON; undefined for any failure, as the Apex method tells them apart no further. */
  async function perform(
    call: ApexCall,
    parameters: Record<string, unknown>,
    { orgId, userId }: { orgId: string; userId: string },
  ): Promise<object | undefined> {
    const credential = options.credential(orgId);
    if (!credential) return undefined;
    const query = new URLSearchParams(fillTemplates(call.query ?? {}, parameters, userId)).toString();
    const send = async (): Promise<Response> =>
      fetch(`${options.hubUrl}${call.path}${query === '' ? '' : `?${query}`}`, {
        method: call.method,
        headers: { authorization: `Bearer ${await tokens.get(orgId, credential)}`, 'content-type': 'application/json' },
        ...(call.body ? { body: JSON.stringify(fillTemplates(call.body, parameters, userId)) } : {}),
      });
    try {
      let response = await send();
      if (response.status === 401) {
        tokens.drop(orgId);
        response = await send();
      }
      return response.ok ? ((await response.json()) as object) : undefined;
    } catch {
      return undefined;
    }
  }
}

/** The parameters, or what is wrong with them. */
function readParameters(raw: Buffer, call: ApexCall): Record<string, unknown> | string {
  let parameters: unknown;
  try {
    parameters = JSON.parse(raw.toString('utf8') || '{}');
  } catch {
    return 'the body is not JSON.';
  }
  if (typeof parameters !== 'object' || parameters === null || Array.isArray(parameters)) {
    return 'the body must be an object of parameters.';
  }
  const unknown = Object.keys(parameters).find((name) => !call.parameters.includes(name));
  if (unknown !== undefined) return `there is no parameter ${unknown}.`;
  return parameters as Record<string, unknown>;
}

function fail(ctx: Koa.Context, status: number, exceptionType: string, message: string): void {
  ctx.status = status;
  ctx.body = { exceptionType, isUserDefinedException: false, message, stackTrace: '' };
}
