import { existsSync, readdirSync } from 'node:fs';
import { mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { BuildState } from './build-state.ts';
import { ChildProcesses } from './child-process.ts';
import { contentHash } from './content-hash.ts';
import { installPackages } from './install-packages.ts';

/** One thing to build: a script that is given `--project DIR --out DIR` and ends with 0. */
export interface BuildPlan {
  name: BuildState['name'];
  /** What people call it. */
  title: string;
  project: string;
  /** The builder's own folder, with the script in it. */
  builder: string;
  script: string;
  /** Folders whose packages the build needs, besides the builder's. */
  packages: readonly string[];
}

export interface Builds {
  state(): BuildState[];
  /** Resolves when every build has ended, well or not. */
  finished(): Promise<void>;
  stop(): Promise<void>;
}

type Progress = Omit<BuildState, 'name' | 'seconds'> & { since_ms: number; until_ms?: number };

/**
 * Builds the two CRM projects' user interfaces in the background, one after the other, and keeps each result by the
 * content of project and builder under `<dataDir>/sandbox/bundles/`. A failed build is tried again at the next start.
 */
export function startBuilds(options: { dataDir: string; projects: { hubspot: string; salesforce: string } }): Builds {
  const { hubspot, salesforce } = options.projects;
  const here = import.meta.dirname;
  return startBuildQueue(join(options.dataDir, 'sandbox', 'bundles'), [
    {
      name: 'card',
      title: 'HubSpot card',
      project: hubspot,
      builder: join(here, 'hubspot'),
      script: 'build-card.ts',
      packages: [join(hubspot, 'src', 'app', 'cards')],
    },
    {
      name: 'component',
      title: 'Lightning component',
      project: salesforce,
      builder: join(here, 'salesforce'),
      script: 'build-component.ts',
      packages: [],
    },
  ]);
}

/** The queue behind `startBuilds`, for any plans. Returns at once. */
export function startBuildQueue(folder: string, plans: readonly BuildPlan[]): Builds {
  // Absolute: a builder works in its own folder.
  const bundles = resolve(folder);
  const processes = new ChildProcesses();
  const progress = new Map<BuildPlan, Progress>(
    plans.map((plan) => [
      plan,
      { state: 'waiting', message: `${plan.title}: waits for its turn.`, since_ms: Date.now() },
    ]),
  );
  const all = (async () => {
    for (const plan of plans) {
      const since_ms = Date.now();
      const tell: Tell = (state, message) => progress.set(plan, { state, message, since_ms });
      const end = await build(plan, bundles, processes, tell).catch((error: Error) => failure(plan, error));
      progress.set(plan, { ...end, since_ms, until_ms: Date.now() });
    }
  })();
  return {
    state: () =>
      [...progress].map(([{ name }, { since_ms, until_ms = Date.now(), ...rest }]) => {
        return { name, ...rest, seconds: Math.round((until_ms - since_ms) / 1000) };
      }),
    finished: () => all,
    stop: () => {
      processes.stop();
      return all;
    },
  };
}

type Tell = (state: BuildState['state'], message: string) => void;
type End = Pick<BuildState, 'state' | 'message' | 'path'>;

async function build(plan: BuildPlan, bundles: string, processes: ChildProcesses, tell: Tell): Promise<End> {
  if (!existsSync(plan.project)) throw new Error(`There is no folder ${plan.project}.`);
  const path = join(bundles, `${plan.name}-${(await contentHash([plan.project, plan.builder])).slice(0, 16)}`);
  const ready: End = { state: 'ready', message: `${plan.title}: ready.`, path };
  if (existsSync(path) && readdirSync(path).length > 0) return ready;
  tell('installing', `${plan.title}: installing the packages that build it. Only the first start needs this.`);
  for (const folder of [plan.builder, ...plan.packages]) await installPackages(folder, processes);
  tell('building', `${plan.title}: building.`);
  const part = `${path}.part`;
  await rm(part, { recursive: true, force: true });
  await mkdir(part, { recursive: true });
  const script = join(plan.builder, plan.script);
  await processes.run(process.execPath, [script, '--project', plan.project, '--out', part], plan.builder);
  if (readdirSync(part).length === 0) throw new Error(`${plan.script} ended well and built nothing.`);
  // In one step, so that a kill at any moment leaves no half-written result behind that name.
  await rm(path, { recursive: true, force: true });
  await rename(part, path);
  return ready;
}

function failure(plan: BuildPlan, error: Error): End {
  const network = /ENOTFOUND|ETIMEDOUT|ECONNREFUSED|EAI_AGAIN|ECONNRESET|network/.test(error.message);
  const remedy = network
    ? 'Check that the npm registry can be reached, then start again.'
    : 'Put right what it names, then start again.';
  return { state: 'failed', message: `${plan.title}: not built. ${error.message} ${remedy}` };
}
