import assert from 'node:assert/strict';
import { readFileSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { Pool } from 'pg';
import { readConfig } from '../../hub/config.ts';
import type { Status } from '../../hub/http/api.ts';
import { startHub } from '../../hub/main.ts';
import type { OpenBell } from '../../hub/queue.ts';
import type { WorkLane } from '../../protocol/ports/bell.ts';
import type { Sandbox } from '../../sandbox/start.ts';
import { startChild } from '../../scripts/child.ts';
import { crmContent, fingerprintOf } from './crm-fingerprint.ts';
import { eventually } from './eventually.ts';
import type { HubspotPerson } from './hubspot-person.ts';
import type { FreshDatabase } from './postgres.ts';
import type { SalesforcePerson } from './salesforce-person.ts';

export type TenantKey = 'a' | 'b';
export type SteeredVendor = 'hubspot' | 'salesforce' | 'model' | 'web';

export interface PlantedFault {
  name: string;
  times?: number;
  match?: Record<string, string>;
  params?: Record<string, unknown>;
}

const root = join(import.meta.dirname, '..', '..');

/** A sandbox and a hub beside it, as `npm start` makes them, on free ports, a database and a folder of their own. */
export class House {
  readonly urls: Readonly<Record<'hub' | SteeredVendor | 'desk', string>>;
  readonly env: Readonly<Record<string, string>>;
  readonly dataDir: string;
  readonly database: FreshDatabase;
  /** People at both tenants' CRMs. */
  readonly people: Readonly<Record<TenantKey, { hubspot: HubspotPerson; salesforce: SalesforcePerson }>>;
  readonly #sandbox: Sandbox;
  readonly #place: 'here' | 'process';
  readonly #pools: Readonly<Record<TenantKey, Pool>>;
  readonly #bell: OpenBell;
  #hub: { stop(): Promise<void>; kill?: () => Promise<void> } | undefined;

  constructor(parts: {
    urls: House['urls'];
    env: House['env'];
    dataDir: string;
    database: FreshDatabase;
    people: House['people'];
    sandbox: Sandbox;
    place: 'here' | 'process';
    bell: OpenBell;
  }) {
    this.urls = parts.urls;
    this.env = parts.env;
    this.dataDir = parts.dataDir;
    this.database = parts.database;
    this.people = parts.people;
    this.#sandbox = parts.sandbox;
    this.#place = parts.place;
    this.#bell = parts.bell;
    // Row-level security holds for the owner too: a pool sees one tenant's rows.
    const pool = (tenant: TenantKey): Pool => {
      const options = `-c app.tenant=tenant-${tenant}`;
      // A server that is killed cuts idle connections; the next query opens another.
      return new Pool({ connectionString: parts.database.ownerUrl, max: 1, options }).on('error', () => undefined);
    };
    this.#pools = { a: pool('a'), b: pool('b') };
  }

  async startHub(): Promise<void> {
    if (this.#place === 'here') {
      this.#hub = await startHub(readConfig(this.env));
      return;
    }
    let said = '';
    const child = await startChild(join(root, 'hub', 'cli', 'main.ts'), ['serve'], this.env, (text) => {
      said = (said + text).slice(-4_000);
    });
    const kill = async (): Promise<void> => {
      child.kill();
      await child.ended;
    };
    this.#hub = { stop: () => child.stop(), kill };
  }

  /** An orderly stop, as Ctrl-C makes it. */
  async stopHub(): Promise<void> {
    const hub = this.#hub;
    this.#hub = undefined;
    await hub?.stop();
  }

  /** SIGKILL. Only for a hub that is a process of its own. */
  async killHub(): Promise<void> {
    const hub = this.#hub;
    assert.ok(hub?.kill, "a hub in this process cannot be killed: start the house with hub: 'process'");
    this.#hub = undefined;
    await hub.kill();
  }

  /** Plants faults at a vendor. */
  async arm(vendor: SteeredVendor, ...faults: PlantedFault[]): Promise<void> {
    await this.#steer(vendor, 'faults', { faults });
  }

  async clearFaults(vendor: SteeredVendor): Promise<void> {
    await this.#steer(vendor, 'faults', { clear: true });
  }

  /** Which planted faults have not fired yet. */
  async armed(vendor: SteeredVendor): Promise<PlantedFault[]> {
    return ((await this.#steer(vendor, 'faults', {})) as { armed: PlantedFault[] }).armed;
  }

  /** Moves a vendor's clock forward. */
  async clock(vendor: SteeredVendor, advance_ms: number): Promise<void> {
    await this.#steer(vendor, 'clock', { advance_ms });
  }

  async #steer(vendor: SteeredVendor, what: string, body: object): Promise<unknown> {
    const answer = await fetch(`${this.urls[vendor]}/_sandbox/${what}`, { method: 'POST', body: JSON.stringify(body) });
    const text = await answer.text();
    assert.ok(answer.ok, `${what} of ${vendor}: ${answer.status} ${text}`);
    return JSON.parse(text);
  }

  /** What `rapport status --json` prints. */
  async status(): Promise<Status> {
    const token = readFileSync(join(this.dataDir, 'api-token'), 'utf8').trim();
    const answer = await fetch(`${this.urls.hub}/api/status`, { headers: { authorization: `Bearer ${token}` } });
    assert.equal(answer.status, 200);
    return (await answer.json()) as Status;
  }

  /** Plain SQL as the owner of the tables, on one tenant's rows. For assertions. */
  async sql<Row extends object>(
    text: string,
    values: readonly unknown[] = [],
    tenant: TenantKey = 'a',
  ): Promise<Row[]> {
    return (await this.#pools[tenant].query<Row>(text, [...values])).rows;
  }

  /** Makes a lane of an installation look now, as its own timer would later. `installation` as in `hubspot-a`. */
  async look(installation: string, lane: WorkLane): Promise<void> {
    const tenantId = `tenant-${installation.slice(-1)}`;
    const now_ms = Date.now();
    await this.sql(
      `insert into due (tenant_id, installation_id, lane, due_at_ms) values ($1, $2, $3, $4)
       on conflict (tenant_id, installation_id, lane) do update set due_at_ms = $4`,
      [tenantId, installation, lane, now_ms],
    );
    await this.#bell.ring([{ tenantId, installationId: installation, lane }]);
  }

  /** For the next minutes no lane of an installation looks by its own timer. */
  async rest(installation: string): Promise<void> {
    const tenant = installation.slice(-1) as TenantKey;
    const later_ms = Date.now() + 600_000;
    await this.sql('update due set due_at_ms = $2 where installation_id = $1', [installation, later_ms], tenant);
  }

  /** As if every pause before a retry had passed: all that waits for a later time at an installation is due now. */
  async passPauses(installation: string): Promise<void> {
    const now_ms = Date.now();
    await this.sql('update link set deliver_at_ms = $2 where installation_id = $1 and deliver_at_ms > $2', [
      installation,
      now_ms,
    ]);
    for (const lane of ['poll', 'observe', 'deliver'] as const) await this.look(installation, lane);
  }

  /** What the hub counts of itself, at `/metrics`: the sum of a counter's rows that carry all of these labels. */
  async metric(name: string, labels: Record<string, string>): Promise<number> {
    const token = readFileSync(join(this.dataDir, 'api-token'), 'utf8').trim();
    const answer = await fetch(`${this.urls.hub}/metrics`, { headers: { authorization: `Bearer ${token}` } });
    const wanted = Object.entries(labels).map(([label, value]) => `${label}="${value}"`);
    return (await answer.text())
      .split('\n')
      .filter((line) => line.startsWith(`${name}{`) && wanted.every((label) => line.includes(label)))
      .reduce((sum, line) => sum + Number(line.split(' ').at(-1)), 0);
  }

  /**
   * Waits until nothing is under way: no event waits at HubSpot, in the intake or in the inbox, no write is open or due, no
   * run is unfinished. A link that has been tried before (it waits for its parent, or for a refused write) is not waited for.
   */
  async quiet(within_ms = 30_000): Promise<void> {
    let calm = 0;
    await eventually(async () => {
      const busy = await this.#busy();
      calm = busy === '' ? calm + 1 : 0;
      assert.equal(busy, '', 'the house is not quiet');
      assert.ok(calm > 3, 'the house is quiet for too short a time');
    }, within_ms);
  }

  async #busy(): Promise<string> {
    const pushed = await fetch(`${this.urls.hubspot}/_sandbox/webhooks`);
    const { pending } = (await pushed.json()) as { pending: number };
    const query = `select 'deliveries' as what, count(*)::int from intake
       union all select 'inbox', count(*)::int from inbox where outcome is null
         -- Of a row that nobody knows and no reading finds: it is looked for until a minute is over.
         and (look_at_ms = 0 or exists (select from link where link.installation_id = inbox.installation_id
           and link.object = event->>'object' and link.external_id = event->>'externalId'))
       union all select 'writes', count(*)::int from write where state in ('sent', 'uncertain', 'answered')
       union all select 'links', count(*)::int from link
         where state = 'live' and deliver_at_ms is not null and attempts = 0
       union all select 'runs', count(*)::int from run where state in ('queued', 'running')
       union all select 'opening', count(*)::int from installation where confirmed and state <> 'writing'`;
    const counts = await Promise.all(
      (['a', 'b'] as const).map((tenant) => this.sql<{ what: string; count: number }>(query, [], tenant)),
    );
    const found = [{ what: 'webhooks', count: pending }, ...counts.flat()].filter(({ count }) => count > 0);
    return found.map(({ what, count }) => `${count} ${what}`).join(', ');
  }

  /** Every row of a tenant in both CRMs, one line each: what two fingerprints differ in. */
  content(tenant: TenantKey): Promise<string[]> {
    return crmContent(this.people[tenant].hubspot, this.people[tenant].salesforce);
  }

  /** A stable hash of everything a tenant has in both CRMs. */
  async fingerprint(tenant: TenantKey): Promise<string> {
    return fingerprintOf(await this.content(tenant));
  }

  async stop(): Promise<void> {
    await this.stopHub();
    await this.#bell.close();
    await this.#sandbox.stop();
    await Promise.all(Object.values(this.#pools).map((pool) => pool.end()));
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
