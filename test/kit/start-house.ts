import assert from 'node:assert/strict';
import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { openBell } from '../../hub/queue.ts';
import { orgs, portals } from '../../sandbox/seed/credentials.ts';
import { startSandbox } from '../../sandbox/start.ts';
import { sandboxEnvironment, sandboxModel, sandboxTenants } from '../../scripts/sandbox-environment.ts';
import { freePort } from './free-port.ts';
import { House, type TenantKey } from './house.ts';
import { HubspotPerson } from './hubspot-person.ts';
import type { FreshDatabase } from './postgres.ts';
import { SalesforcePerson } from './salesforce-person.ts';

export interface HouseOptions {
  /** The hub in this process (the default), or a process of its own, which can be killed. */
  hub?: 'here' | 'process';
  /** More of the hub's environment, or other values. */
  env?: Record<string, string>;
  /** Keep the vendors' rate limits, and ours. Without it tests run as fast as they can. */
  limits?: boolean;
  /** Tenants whose installations may write. */
  confirmed?: boolean;
  /** One more tenant, `tenant-c`: a HubSpot portal that has the custom object for reports, and no Salesforce. */
  testPortal?: boolean;
  /** A migrated, empty database; without it one on this test run's server. */
  database?: FreshDatabase;
}

const root = join(import.meta.dirname, '..', '..');
const host = '127.0.0.1';

/** Starts sandbox and hub, and waits until both tenants are read, linked, written and quiet. */
export async function startHouse(options: HouseOptions = {}): Promise<House> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-house-'));
  // Not for a caller who brings a database: that server ends with Mocha's run, and outside it there is none.
  const given = options.database ?? import('./postgres.ts').then(({ freshDatabase }) => freshDatabase());
  const [database, hubPort] = await Promise.all([given, freePort()]);
  const hub = `http://${host}:${hubPort}`;
  const sandbox = await startSandbox({
    dataDir,
    seed: 1,
    host,
    ports: { hubspot: 0, salesforce: 0, pubsub: 0, model: 0, web: 0, desk: 0 },
    hubUrl: hub,
    projects: { hubspot: join(root, 'crm-apps', 'hubspot'), salesforce: join(root, 'crm-apps', 'salesforce') },
    build: false,
  });
  const { ports } = sandbox;
  const at = (port: number): string => `http://${host}:${port}`;
  const urls = {
    hub,
    hubspot: at(ports.hubspot),
    salesforce: at(ports.salesforce),
    model: at(ports.model),
    web: at(ports.web),
    desk: at(ports.desk),
  };
  const file = join(dataDir, 'provision.yaml');
  const { tenants } = sandboxTenants(options.confirmed ?? true) as { tenants: object[] };
  if (options.testPortal) tenants.push(await makeTestPortal(urls.hubspot));
  writeFileSync(file, stringify({ tenants }), { mode: 0o600 });
  if (!options.limits) await steer(`${urls.hubspot}/_sandbox/limits`, { enabled: false });
  const house = new House({
    urls,
    env: {
      DATA_DIR: dataDir,
      PORT: String(hubPort),
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      PROVISION_FILE: file,
      LOG_LEVEL: process.env['LOG_LEVEL'] ?? 'silent',
      VENDOR_LIMITS: options.limits ? 'on' : 'off',
      ...sandboxEnvironment(ports),
      ...sandboxModel(ports),
      ...options.env,
    },
    dataDir,
    database,
    people: { a: await peopleOf('a', urls), b: await peopleOf('b', urls) },
    sandbox,
    place: options.hub ?? 'here',
    bell: await openBell({ url: database.appUrl, log: silent }),
  });
  try {
    await house.startHub();
    await house.quiet(30_000);
  } catch (error) {
    await house.stop();
    throw error;
  }
  return house;
}

async function peopleOf(
  tenant: TenantKey,
  urls: { hubspot: string; salesforce: string },
): Promise<House['people'][TenantKey]> {
  const portal = portals.find((one) => one.tenant === tenant) as (typeof portals)[number];
  const org = orgs.find((one) => one.tenant === tenant) as (typeof orgs)[number];
  return {
    hubspot: new HubspotPerson({ url: urls.hubspot, portalId: portal.portalId, token: portal.personToken }),
    salesforce: await SalesforcePerson.login({ url: urls.salesforce, orgId: org.orgId, ...org.person }),
  };
}

export const testPortal = { portalId: 8_801_003, refreshToken: 'na1-refresh-portal-c', personToken: 'sandbox-c' };

async function makeTestPortal(url: string): Promise<object> {
  await steer(`${url}/_sandbox/portals`, { ...testPortal, customObject: true });
  const { portalId, refreshToken } = testPortal;
  const account = { id: 'hubspot-c', vendor: 'hubspot', account: String(portalId), confirmed: true };
  return { id: 'tenant-c', name: 'Test portal', ai: true, installations: [{ ...account, grant: { refreshToken } }] };
}

async function steer(url: string, body: object): Promise<void> {
  const headers = { 'content-type': 'application/json' };
  const answer = await fetch(url, { method: 'POST', headers, body: JSON.stringify(body) });
  assert.ok(answer.ok, `${url}: ${answer.status}`);
}

const nothing = (): void => undefined;
const silent = { debug: nothing, info: nothing, warn: nothing, error: nothing };
