import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { startBuilds, type Builds } from './builders/build-queue.ts';
import { startDesk } from './desk/desk.ts';
import { hubspotPages } from './hubspot/pages/hubspot-pages.ts';
import { startHubspot } from './hubspot/hubspot.ts';
import { Clock } from './kit/clock.ts';
import { Faults } from './kit/faults.ts';
import { Storage } from './kit/storage.ts';
import type { Vendor, VendorContext } from './kit/vendor.ts';
import { startModel } from './model/model.ts';
import { apexStandIn } from './salesforce/apex/apex-stand-in.ts';
import { salesforcePages } from './salesforce/pages/salesforce-pages.ts';
import { startPubsub } from './salesforce/pubsub/pubsub.ts';
import type { RowChange } from './salesforce/row-change.ts';
import { startSalesforce } from './salesforce/salesforce.ts';
import { orgs } from './seed/credentials.ts';
import { generateWorld } from './seed/generate-world.ts';
import { startWeb } from './web/web.ts';

export interface SandboxPorts {
  hubspot: number;
  salesforce: number;
  pubsub: number;
  model: number;
  web: number;
  desk: number;
}

export interface SandboxOptions {
  /** State lies in `<dataDir>/sandbox`. */
  dataDir: string;
  /** undefined: that of the data that is there, else 1. */
  seed: number | undefined;
  host: string;
  /** 0 asks for any free port. */
  ports: SandboxPorts;
  /** Where the apps' back end is reached. */
  hubUrl: string;
  /** The two CRM projects, as folders. Without `build` their user interfaces are not built. */
  projects: { hubspot: string; salesforce: string };
  build: boolean;
}

export interface Sandbox {
  ports: SandboxPorts;
  stop(): Promise<void>;
}

/** Thrown when the data directory was filled from another seed. */
export class SeedConflict extends Error {}

/** Starts every stand-in in this process. */
export async function startSandbox(options: SandboxOptions): Promise<Sandbox> {
  const home = join(options.dataDir, 'sandbox');
  mkdirSync(home, { recursive: true });
  const world = generateWorld(keepSeed(join(home, 'seed'), options.seed));
  const storages: Storage[] = [];
  const context = (name: keyof SandboxPorts): VendorContext => {
    const storage = new Storage(join(home, `${name}.sqlite`));
    storages.push(storage);
    return {
      port: options.ports[name],
      host: options.host,
      storage,
      clock: new Clock(),
      faults: new Faults(),
      world,
      hubUrl: options.hubUrl,
    };
  };
  const { projects } = options;
  const builds: Builds | undefined = options.build ? startBuilds({ dataDir: options.dataDir, projects }) : undefined;
  const bundle = (name: 'card' | 'component') => () =>
    builds?.state().find((one) => one.name === name) ?? { state: 'waiting' as const, message: 'Not built here.' };

  const hubspot = await startHubspot(context('hubspot'), {
    project: projects.hubspot,
    pages: [hubspotPages({ bundle: bundle('card'), hubUrl: options.hubUrl })],
  });

  // The event half needs the sessions of the REST half, which publishes to the event half: joined here.
  const published: (readonly RowChange[])[] = [];
  let publish = (transaction: readonly RowChange[]): void => void published.push(transaction);
  const salesforceContext = context('salesforce');
  let session: (token: string) => { orgId: string; userId: string } | undefined = () => undefined;
  const salesforce = await startSalesforce(salesforceContext, {
    feed: { publish: (transaction) => publish(transaction) },
    project: projects.salesforce,
    pages: [
      salesforcePages({ bundle: bundle('component') }),
      apexStandIn({
        project: projects.salesforce,
        hubUrl: options.hubUrl,
        session: (token) => session(token),
        credential: (orgId) => orgs.find((org) => org.orgId === orgId)?.backEnd,
      }),
    ],
  });
  session = (token) => salesforce.session(token);
  const pubsub = await startPubsub(
    { ...context('pubsub'), clock: salesforceContext.clock, faults: salesforceContext.faults },
    {
      session: (token) => salesforce.session(token),
      fields: (orgId, entity) => eventFields(salesforce.describe(orgId, entity)),
    },
  );
  for (const vendor of [hubspot, salesforce]) vendor.seed();
  publish = (transaction) => pubsub.publish(transaction);
  published.length = 0;

  const model = await startModel(context('model'));
  const web = await startWeb(context('web'));
  for (const vendor of [model, web]) vendor.seed();
  const at = (port: number): string => `http://${options.host}:${port}`;
  const desk = await startDesk({
    port: options.ports.desk,
    host: options.host,
    hubspotUrl: at(hubspot.port),
    salesforceUrl: at(salesforce.port),
    hubUrl: options.hubUrl,
    builds: () => builds?.state() ?? [],
    world,
  });

  const running: Pick<Vendor, 'stop'>[] = [desk, web, model, pubsub, salesforce, hubspot];
  return {
    ports: {
      hubspot: hubspot.port,
      salesforce: salesforce.port,
      pubsub: pubsub.port,
      model: model.port,
      web: web.port,
      desk: desk.port,
    },
    async stop() {
      await builds?.stop();
      for (const one of running) await one.stop();
      for (const storage of storages) storage.close();
    },
  };
}

function keepSeed(file: string, wanted: number | undefined): number {
  const kept = existsSync(file) ? Number(readFileSync(file, 'utf8')) : undefined;
  const seed = wanted ?? kept ?? 1;
  if (kept !== undefined && kept !== seed)
    throw new SeedConflict(
      `The data here was made with --seed ${kept}. Start with --reset to begin afresh with --seed ${seed}, or without --seed.`,
    );
  writeFileSync(file, String(seed));
  return seed;
}

type Describe = NonNullable<ReturnType<Awaited<ReturnType<typeof startSalesforce>>['describe']>>;
type EventField = NonNullable<ReturnType<Parameters<typeof startPubsub>[1]['fields']>>[number];

/** The fields of a change event: all of the entity's but its id and the computed ones. */
function eventFields(describe: Describe | undefined): EventField[] | undefined {
  const types: Readonly<Record<string, EventField['type']>> = {
    boolean: 'boolean',
    int: 'int',
    double: 'double',
    currency: 'double',
    percent: 'double',
    date: 'date',
    datetime: 'datetime',
    textarea: 'textarea',
    reference: 'reference',
  };
  return describe?.fields
    .filter((field) => field.name !== 'Id')
    .map((field) => ({ name: field.name, type: types[field.type] ?? 'string' }));
}
