import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { stringify } from 'yaml';
import type { Status } from '../../hub/http/api.ts';
import type { SandboxPorts } from '../../sandbox/start.ts';
import type { Child } from '../../scripts/child.ts';
import { freePort } from '../../scripts/postgres/settings.ts';
import { sandboxEnvironment, sandboxModel, sandboxTenants } from '../../scripts/sandbox-environment.ts';
import { HubspotCrm, SalesforceCrm } from './crms.ts';
import type { Scene } from './scene.ts';

const patience_ms = 90_000;
const lookEvery_ms = 100;
const sameLooks = 15;

/** Sandbox, database and hub, each a process of its own, as `npm start` makes them. */
export class Mirror {
  readonly ports: SandboxPorts;
  readonly hubPort: number;
  readonly hubspot: HubspotCrm;
  readonly salesforce: SalesforceCrm;
  readonly #dataDir: string;
  readonly #hub: Child;

  private constructor(parts: {
    ports: SandboxPorts;
    hubPort: number;
    salesforce: SalesforceCrm;
    dataDir: string;
    hub: Child;
  }) {
    this.ports = parts.ports;
    this.hubPort = parts.hubPort;
    this.hubspot = new HubspotCrm(parts.ports.hubspot);
    this.salesforce = parts.salesforce;
    this.#dataDir = parts.dataDir;
    this.#hub = parts.hub;
  }

  /** Starts all three and waits until the seeded CRMs agree. */
  static async start(scene: Scene, options: { limits: boolean }): Promise<Mirror> {
    const { dataDir } = scene;
    const hubPort = await freePort();
    const sandboxEnv = { DATA_DIR: dataDir, SANDBOX_HUB_URL: `http://127.0.0.1:${hubPort}` };
    const [database, sandbox] = await Promise.all([
      scene.database(),
      scene.child(join(import.meta.dirname, 'sandbox-process.ts'), sandboxEnv),
    ]);
    const ports = sandbox.ready as SandboxPorts;
    const file = join(dataDir, 'provision.yaml');
    writeFileSync(file, stringify(sandboxTenants(true)));
    const env = {
      ...sandboxEnvironment(ports),
      ...sandboxModel(ports),
      DATABASE_URL: database.appUrl,
      DATABASE_OWNER_URL: database.ownerUrl,
      DATA_DIR: dataDir,
      PORT: String(hubPort),
      LOG_LEVEL: 'error',
      PROVISION_FILE: file,
      VENDOR_LIMITS: options.limits ? 'on' : 'off',
    };
    if (!options.limits) await vendorLimitsOff(ports);
    const hub = await scene.child(join(import.meta.dirname, '..', '..', 'hub', 'cli', 'main.ts'), env, ['serve']);
    const salesforce = await SalesforceCrm.login(ports.salesforce);
    const mirror = new Mirror({ ports, hubPort, salesforce, dataDir, hub });
    await mirror.settled();
    return mirror;
  }

  /** Waits until both CRMs are open for writing, nothing waits inwards, and what waits outwards does so for a reason. */
  async settled(): Promise<void> {
    const deadline_ms = Date.now() + patience_ms;
    let before = '';
    for (let same = 0; same < sameLooks; await sleep(lookEvery_ms)) {
      const { tenants } = JSON.parse(await this.#ask('/api/status')) as Status;
      const idle = tenants.every(
        ({ installations, status }) =>
          installations.every(({ state }) => state === 'writing') && status.inboxWaiting === 0,
      );
      const now = JSON.stringify(tenants.map(({ status }) => status));
      same = idle && now === before ? same + 1 : 0;
      before = now;
      if (Date.now() > deadline_ms) throw new Error(`The CRMs do not come to rest within ${patience_ms} ms: ${now}`);
    }
  }

  /** The hub's metrics as Prometheus text. */
  metrics(): Promise<string> {
    return this.#ask('/metrics');
  }

  /** Ends the hub; the CRMs stay. */
  stopHub(): Promise<void> {
    return this.#hub.stop();
  }

  async #ask(path: string): Promise<string> {
    const token = readFileSync(join(this.#dataDir, 'api-token'), 'utf8').trim();
    const answer = await fetch(`http://127.0.0.1:${this.hubPort}${path}`, {
      headers: { authorization: `Bearer ${token}` },
    });
    if (!answer.ok) throw new Error(`The hub answered ${answer.status} to ${path}.`);
    return answer.text();
  }
}

/** Takes the stand-ins' own limits away. */
export async function vendorLimitsOff(ports: SandboxPorts): Promise<void> {
  const answer = await fetch(`http://127.0.0.1:${ports.hubspot}/_sandbox/limits`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ enabled: false }),
  });
  if (!answer.ok) throw new Error(`HubSpot's limits stay: ${await answer.text()}`);
}
