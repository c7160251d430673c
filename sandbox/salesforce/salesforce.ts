import Koa from 'koa';
import { listen, rawBody, steering } from '../kit/http-server.ts';
import type { Vendor, VendorContext } from '../kit/vendor.ts';
import { maxUpload_bytes } from './bulk/ingest-job-routes.ts';
import { JobRunner } from './bulk/job-runner.ts';
import { BulkJobs } from './bulk/job.ts';
import { QueryResults } from './bulk/query-results.ts';
import { controlRoutes } from './control-routes.ts';
import type { ValidationRule } from './dml/validation-rule.ts';
import { isRevoked } from './faults.ts';
import { oauthRoutes } from './oauth/routes.ts';
import { Sessions } from './oauth/sessions.ts';
import { Org } from './org/org.ts';
import { Transaction } from './org/transaction.ts';
import { personRoutes } from './person-routes.ts';
import { ApiUsage } from './rest/api-usage.ts';
import { RestApi } from './rest/rest-api.ts';
import { authenticate, restMiddleware } from './rest/rest-middleware.ts';
import type { ChangeFeed } from './row-change.ts';
import { describe, type Describe } from './schema/describe.ts';
import { orgSchema, seededPackage } from './schema/org-schema.ts';
import { readProject } from './schema/project-schema.ts';
import { seedOrg } from './seed-org.ts';

/** The vendor's own limit on a REST body. */
const maxBody_bytes = 50 * 1024 * 1024;

export interface SalesforceOptions {
  /** Told of every committed transaction. */
  feed: ChangeFeed;
  /** Koa middlewares mounted before the API's 404 (record pages, Apex stand-in); a request's bytes are in `ctx.state.raw`. */
  pages?: Koa.Middleware[];
  /** Folder of a DX project whose custom fields and objects take the place of the built-in package's. */
  project?: string;
}

export interface Salesforce extends Vendor {
  /** Who holds an access token that is still good; for the event stream and the pages. */
  session(accessToken: string): { orgId: string; userId: string } | undefined;
  /** An object of an org as the integration user sees it; for the event schemas. */
  describe(orgId: string, entity: string): Describe | undefined;
}

/**
 * The stand-in of Salesforce: OAuth, REST with SOQL and collections, two orgs (or as many as the world has tenants), told
 * apart by token. Call `seed()` before the first request.
 */
export async function startSalesforce(context: VendorContext, options: SalesforceOptions): Promise<Salesforce> {
  const { storage, clock, faults, world } = context;
  const deployed = options.project === undefined ? seededPackage : readProject(options.project);
  const [schema, person] = [orgSchema(deployed), orgSchema(deployed, { personAccounts: true })];
  const orgs = new Map(world.tenants.map(({ orgId }) => [orgId, new Org(orgId, schema, storage, person)]));
  const sessions = new Sessions(storage, clock);
  const usage = new ApiUsage(storage, clock);
  const rules = storage.collection<ValidationRule>('validation-rule');
  const certificates = storage.collection<string>('certificate');
  const [jobs, kept] = [new BulkJobs(storage, clock), new QueryResults()];
  const bulk = { jobs, kept, started: () => runner.kick() };
  const api = new RestApi({ clock, faults, feed: options.feed, rules, usage, bulk });
  const transact: RestApi['transact'] = (...call) => api.transact(...call);
  const runner = new JobRunner({ jobs, kept, orgs, faults, now_ms: () => clock.now_ms(), transact });

  function seed(): void {
    const now_ms = clock.now_ms();
    for (const tenant of world.tenants) {
      const org = orgs.get(tenant.orgId);
      if (!org || org.isSeeded) continue;
      const begin = (userId: string): Transaction =>
        new Transaction(org, { userId, isIntegration: false, changeOrigin: '' }, { faults, rules, now_ms });
      seedOrg(org, tenant, begin, now_ms);
      rules.set(`${org.orgId}:amount`, {
        orgId: org.orgId,
        entity: 'Opportunity',
        name: 'Amount_Not_Negative',
        field: 'Amount',
        operator: '<',
        value: 0,
        message: 'Amount must not be negative.',
      });
    }
  }

  function reseed(): void {
    for (const org of orgs.values()) org.forget();
    api.closeCursors();
    seed();
  }

  const app = new Koa();
  app.use(rawBody((ctx) => (ctx.path.endsWith('/batches') ? maxUpload_bytes : maxBody_bytes)));
  app.use(steering(context, reseed).routes());
  const authenticated = (ctx: Koa.Context) => authenticate(ctx, { sessions, faults });
  app.use(controlRoutes({ orgs, rules, certificates }).routes());
  app.use(personRoutes({ orgs, api, authenticate: authenticated }).routes());
  let baseUrl = '';
  app.use(oauthRoutes({ clock, faults, sessions, orgs, certificates, baseUrl: () => baseUrl }).routes());
  for (const page of options.pages ?? []) app.use(page);
  app.use(restMiddleware({ api, sessions, usage, faults, orgs }));
  app.use((ctx) => {
    ctx.status = 404;
    ctx.body = [{ errorCode: 'NOT_FOUND', message: 'The requested resource does not exist' }];
  });

  const server = await listen(app, context);
  baseUrl = `http://${context.host}:${server.port}`;
  // What a restart left behind.
  runner.kick();
  return {
    port: server.port,
    seed,
    stop: () => {
      runner.stop();
      return server.stop();
    },
    session(accessToken) {
      const session = sessions.use(accessToken);
      if (!session || isRevoked(faults, session)) return undefined;
      return { orgId: session.orgId, userId: session.userId };
    },
    describe(orgId, name) {
      const org = orgs.get(orgId);
      const entity = org?.schema.entity(name);
      return org && entity && describe(org.schema, entity, '/services/data/v67.0', true);
    },
  };
}
