import Koa from 'koa';
import { ZodError } from 'zod';
import { listen, rawBody, steering } from '../kit/http-server.ts';
import type { Vendor, VendorContext } from '../kit/vendor.ts';
import { accountRouter } from './account-router.ts';
import { apiDoor } from './api.ts';
import { associationLabelsRouter } from './association-labels-router.ts';
import { associationsRouter } from './associations-router.ts';
import { batchRouter } from './batch-router.ts';
import { cardProxyRouter } from './card-proxy.ts';
import { HubspotError, notFound, validationError } from './errors.ts';
import { oauthRouter } from './oauth-router.ts';
import { objectsRouter } from './objects-router.ts';
import { loadProject } from './project.ts';
import { propertyGroupRouter } from './property-group-router.ts';
import { propertiesRouter } from './properties-router.ts';
import { RateLimits } from './rate-limit.ts';
import { searchRouter } from './search-router.ts';
import { seed } from './seed.ts';
import { createState } from './state.ts';
import { steeringRouter } from './steering-router.ts';
import { defaultWebhooks, eventsOf } from './webhook-event.ts';
import { WebhookQueue } from './webhook-queue.ts';
import { workflowRouter } from './workflow-router.ts';

export interface HubspotOptions {
  /** Folder of the app's developer project: `src/app` with its `-hsmeta.json` files, and `src/hsprofile.dev.json`. */
  project?: string;
  /** Mounted before the API's 404: record pages. */
  pages?: Koa.Middleware[];
}

const largestBody_bytes = 10 * 1024 * 1024;

/**
 * A stand-in of HubSpot on one port: OAuth, the dated CRM paths, webhooks, and under `/_ui` what HubSpot's own pages and
 * workflows do for an app. Without a project every event of contacts, companies and deals is sent to `/webhooks/hubspot`.
 */
export async function startHubspot(context: VendorContext, options: HubspotOptions): Promise<Vendor> {
  const project = options.project === undefined ? undefined : loadProject(options.project, { HUB_URL: context.hubUrl });
  const webhooks = project ? project.webhooks : defaultWebhooks(context.hubUrl);
  const queue = new WebhookQueue(context, webhooks);
  const state = createState(context, project, (change) => {
    if (!webhooks || !state.portals.get(change.portalId)?.installed) return;
    for (const event of eventsOf(change, webhooks)) queue.push(event);
  });
  const limits = new RateLimits(() => context.clock.now_ms());
  const reseed = (): void => {
    queue.forget();
    limits.forget();
    state.reload();
    seed(state, context.world);
  };

  const app = new Koa();
  app.on('error', () => undefined);
  app.use(renderErrors).use(rawBody(largestBody_bytes));
  const open = [
    steering(context, reseed),
    steeringRouter(state, queue, limits),
    oauthRouter(state),
    cardProxyRouter(state),
  ];
  for (const router of open) app.use(router.routes());
  for (const middleware of apiDoor(state, limits)) app.use(middleware);
  const api = [
    batchRouter,
    searchRouter,
    associationsRouter,
    associationLabelsRouter,
    objectsRouter,
    propertyGroupRouter,
    propertiesRouter,
    accountRouter,
    workflowRouter,
  ];
  for (const router of api) app.use(router(state).routes());
  for (const page of options.pages ?? []) app.use(page);
  app.use(() => {
    throw notFound();
  });

  const server = await listen(app, context);
  return {
    port: server.port,
    seed: () => seed(state, context.world),
    stop: async () => {
      queue.stop();
      await server.stop();
    },
  };
}

/** The one place where an error becomes an answer. */
async function renderErrors(ctx: Koa.Context, next: Koa.Next): Promise<void> {
  try {
    await next();
  } catch (error) {
    const shown = asHubspotError(error);
    ctx.status = shown.status;
    ctx.body = shown.body;
  }
}

function asHubspotError(error: unknown): HubspotError {
  if (error instanceof HubspotError) return error;
  if (error instanceof ZodError || error instanceof SyntaxError) return validationError(error.message);
  const { status, message } = error as { status?: number; message?: string };
  if (status === 413) return new HubspotError(413, 'VALIDATION_ERROR', 'Request entity too large');
  return new HubspotError(500, 'INTERNAL_ERROR', message ?? 'internal error');
}
