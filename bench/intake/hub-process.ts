import { join } from 'node:path';
import { pino } from 'pino';
import { hubspotConnector } from '../../connectors/hubspot/connector.ts';
import { createApp, listen } from '../../hub/http/server.ts';
import { Problems } from '../../hub/http/problems.ts';
import { webhookRoutes } from '../../hub/http/webhooks.ts';
import { encryptionKeys } from '../../hub/local-secrets.ts';
import { migrateQueue, openBell } from '../../hub/queue.ts';
import { migrate } from '../../hub/store/migrate.ts';
import { openStore } from '../../hub/store/open-store.ts';
import { systemClock } from '../../hub/system-clock.ts';
import { loadMappings } from '../../mappings/load.ts';
import { createMapper } from '../../mappings/mapper.ts';
import type { CrmConnector } from '../../protocol/crm-connector.ts';
import { accountOf, appId, clientSecret, publicUrl, tenants } from './accounts.ts';

/** The hub's intake as a process of its own: store, bell, webhook routes, and nothing that works on what comes in. */
const { DATABASE_URL: url = '', DATABASE_OWNER_URL: ownerUrl = '', DATA_DIR: dataDir = '' } = process.env;
const clock = systemClock;
const log = pino({ level: 'warn', base: null }, pino.destination(2));
const owner = { ownerUrl, appRole: new URL(url).username };
await migrate(owner);
await migrateQueue(owner);
const store = await openStore({ url, keys: encryptionKeys(dataDir, undefined), clock });
for (let tenant = 0; tenant < tenants; tenant += 1)
  await store.provisionTenant({
    id: `tenant-${tenant}`,
    name: `Tenant ${tenant}`,
    aiEnabled: false,
    installations: [
      {
        id: `hubspot-${tenant}`,
        vendor: 'hubspot',
        accountId: String(accountOf(tenant)),
        state: 'observing',
        confirmed: false,
        grant: { refreshToken: 'never used' },
      },
    ],
  });
const bell = await openBell({ url, log });
const hubspot = hubspotConnector({
  baseUrl: 'http://127.0.0.1:9',
  appId,
  clientId: 'never-used',
  clientSecret,
  publicUrl,
  clock,
});
const mapper = createMapper(loadMappings(join(import.meta.dirname, '..', '..', 'mappings')));
// The one connector with webhooks: others have no route.
const connectors = {
  hubspot,
  salesforce: {
    vendor: 'salesforce',
    open: (account) => hubspot.open(account),
    proveGrant: (given) => hubspot.proveGrant(given),
  } satisfies CrmConnector,
};
const app = createApp(webhookRoutes({ store, bell, mapper, connectors, problems: new Problems(), clock }), log);
const server = await listen(app, { host: '127.0.0.1', port: 0 });
process.once('SIGTERM', () => {
  void server
    .stop()
    .then(() => bell.close())
    .then(() => store.close())
    .finally(() => process.exit(0));
});
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: { port: server.port, pid: process.pid } });
