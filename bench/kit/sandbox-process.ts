import { join } from 'node:path';
import { startSandbox } from '../../sandbox/start.ts';

/** The sandbox as a process of its own, on free ports, without the builds of the CRM projects' user interfaces. */
const root = join(import.meta.dirname, '..', '..');
const sandbox = await startSandbox({
  dataDir: process.env['DATA_DIR'] ?? '',
  seed: 1,
  host: '127.0.0.1',
  ports: { hubspot: 0, salesforce: 0, pubsub: 0, model: 0, web: 0, desk: 0 },
  hubUrl: process.env['SANDBOX_HUB_URL'] ?? '',
  projects: { hubspot: join(root, 'crm-apps', 'hubspot'), salesforce: join(root, 'crm-apps', 'salesforce') },
  build: false,
});
const stop = (): void => void sandbox.stop().finally(() => process.exit(0));
process.once('SIGTERM', stop);
process.once('disconnect', stop);
process.send?.({ ready: sandbox.ports });
