import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSandbox } from '../../sandbox/start.ts';

export interface Pages {
  hubspot: string;
  salesforce: string;
  desk: string;
  stop(): Promise<void>;
}

/** The sandbox alone, on free ports and files of its own: no hub, no built card and component. */
export async function startPages(): Promise<Pages> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-test-pages-'));
  const apps = join(import.meta.dirname, '..', '..', 'crm-apps');
  const sandbox = await startSandbox({
    dataDir,
    seed: 1,
    host: '127.0.0.1',
    ports: { hubspot: 0, salesforce: 0, pubsub: 0, model: 0, web: 0, desk: 0 },
    // Nobody listens there.
    hubUrl: 'http://127.0.0.1:1',
    projects: { hubspot: join(apps, 'hubspot'), salesforce: join(apps, 'salesforce') },
    build: false,
  });
  const { ports } = sandbox;
  const at = (port: number): string => `http://127.0.0.1:${port}`;
  return {
    hubspot: at(ports.hubspot),
    salesforce: at(ports.salesforce),
    desk: at(ports.desk),
    async stop() {
      await sandbox.stop();
      rmSync(dataDir, { recursive: true, force: true });
    },
  };
}
