import { join } from 'node:path';
import { Router } from '@koa/router';
import Koa from 'koa';
import type { BuildState } from '../builders/build-state.ts';
import { browserFolder, sendClientFile } from '../kit/client-file.ts';
import { listen } from '../kit/http-server.ts';
import { orgs, portals } from '../seed/credentials.ts';
import type { World } from '../seed/world.ts';
import { deskPage } from './desk-page.ts';
import { hubWatch } from './hub-state.ts';
import { firstChoice, pairDeals } from './pair-deals.ts';
import { readHubspotDeals } from './read-hubspot.ts';
import { readSalesforceDeals } from './read-salesforce.ts';

const clientFolder = join(import.meta.dirname, 'client');

export interface DeskOptions {
  /** 0 asks for any free port. */
  port: number;
  host: string;
  hubspotUrl: string;
  salesforceUrl: string;
  hubUrl: string;
  builds(): BuildState[];
  world: World;
}

/**
 * The desk: one page with the two CRMs' record pages of the same deal side by side. It knows the CRMs by their public APIs,
 * as a person, and the hub by its health alone.
 */
export async function startDesk(options: DeskOptions): Promise<{ port: number; stop(): Promise<void> }> {
  const { hubspotUrl, salesforceUrl, hubUrl, world } = options;
  const policy = [
    "default-src 'none'; script-src 'self'; style-src 'self'; connect-src 'self'; img-src data:",
    `frame-src ${hubspotUrl} ${salesforceUrl}; base-uri 'none'; form-action 'none'; frame-ancestors 'none'`,
  ].join('; ');
  const router = new Router();
  const hubState = hubWatch(hubUrl);

  router.get('/', (ctx) => {
    ctx.set('content-security-policy', policy);
    ctx.set('referrer-policy', 'no-referrer');
    ctx.type = 'html';
    ctx.body = deskPage(world.tenants);
  });
  router.get('/api/state', async (ctx) => {
    ctx.body = { hub: await hubState(), builds: options.builds().map(({ path: _path, ...shown }) => shown) };
  });
  router.get('/api/deals/:tenant', async (ctx) => {
    const portal = portals.find(({ tenant }) => tenant === ctx.params['tenant']);
    const org = orgs.find(({ tenant }) => tenant === ctx.params['tenant']);
    if (!portal || !org) return;
    const tenant = world.tenants.find(({ key }) => key === portal.tenant);
    const [hubspot, salesforce] = await Promise.all([
      readHubspotDeals(hubspotUrl, portal.personToken),
      readSalesforceDeals(salesforceUrl, org.person),
    ]);
    const pairs = pairDeals(hubspot, salesforce);
    const { portalId } = portal;
    ctx.body = { pairs, first: firstChoice(pairs, tenant?.deals[0]?.name), portalId, hubspotUrl, salesforceUrl };
  });
  router.get('/client/:file', (ctx) => sendClientFile(ctx, clientFolder, ctx.params['file'] ?? ''));
  router.get('/kit/browser/:file', (ctx) => sendClientFile(ctx, browserFolder, ctx.params['file'] ?? ''));

  const app = new Koa();
  app.on('error', () => undefined);
  app.use(renderErrors).use(router.routes());
  return listen(app, options);
}

/** A CRM that does not answer is told to the page in words; the page tries again by itself. */
async function renderErrors(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  ctx.set('cache-control', 'no-store');
  ctx.set('x-content-type-options', 'nosniff');
  try {
    await next();
  } catch (error) {
    ctx.status = 502;
    ctx.body = {
      message: `A CRM's stand-in does not answer: ${error instanceof Error ? error.message : String(error)}`,
    };
  }
}
