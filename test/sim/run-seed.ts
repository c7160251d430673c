import { drawScript } from './people/draw-script.ts';
import type { FaultName } from './faults/catalogue.ts';
import { lookChecks, restChecks } from './invariants/rest-checks.ts';
import { watchWrites } from './invariants/write-checks.ts';
import { Broken } from './invariants/broken.ts';
import type { Script } from './script.ts';
import { takeStep } from './take-step.ts';
import { Trace } from './trace.ts';
import { start_ms, World } from './world.ts';

export interface SeedOutcome {
  ok: boolean;
  /** The first invariant that did not hold, and how. */
  brokenInvariant?: { name: string; says: string };
  steps: number;
  faultsFired: Readonly<Partial<Record<FaultName, number>>>;
  traceHash: string;
  script: Script;
  /** The last things that happened, where they were asked for. */
  last: readonly string[];
}

export interface RunOptions {
  /** Faults that no seed draws; see `known.ts`. */
  off?: ReadonlySet<FaultName>;
  /** Played in place of the drawn script. */
  script?: Script;
  /** So many of the last lines of the trace are kept. */
  keep?: number;
  /** Shown the world as it is at the end. */
  atEnd?: (world: World) => void;
}

const lookEvery_ms = 30_000;
const mostCalm_ms = 3 * 3_600_000;

/** Plays one seed: people and faults, then calm, then rest. */
export async function runSeed(seed: number, options: RunOptions = {}): Promise<SeedOutcome> {
  const script = options.script ?? drawScript(seed, options.off ?? new Set());
  const trace = new Trace(options.keep);
  const world = new World(script, trace);
  let broken: Broken | undefined;
  try {
    await play(world);
  } catch (error) {
    if (!(error instanceof Broken)) throw error;
    broken = error;
  }
  options.atEnd?.(world);
  return {
    ok: broken === undefined,
    ...(broken && { brokenInvariant: { name: broken.invariant, says: broken.message } }),
    steps: script.steps.length,
    faultsFired: Object.fromEntries(world.weather.fired),
    traceHash: trace.hash(),
    script,
    last: trace.lines(),
  };
}

async function play(world: World): Promise<void> {
  const { script, clock } = world;
  for (const step of script.steps.filter((one) => one.at_ms === 0)) takeStep(world, step);
  watchWrites(world);
  await world.open();
  for (const step of script.steps.filter((one) => one.at_ms > 0)) {
    await clock.runUntil(start_ms + step.at_ms);
    lookChecks(world);
    const done = takeStep(world, step);
    world.trace.note(world.now_ms, `${done ? '' : '(not done) '}${JSON.stringify(step)}`);
  }
  await clock.runUntil(start_ms + script.calmAt_ms);
  world.calmDown();
  await untilQuiet(world);
  restChecks(world);
}

async function untilQuiet(world: World): Promise<void> {
  const calmFrom_ms = world.now_ms;
  do {
    await world.clock.runUntil(world.clock.now_ms() + lookEvery_ms);
    lookChecks(world);
    if (world.now_ms - calmFrom_ms > mostCalm_ms)
      throw new Broken('I2', `not quiet ${mostCalm_ms / 60_000} minutes after the last fault: ${world.unrest() ?? ''}`);
  } while (world.now_ms - calmFrom_ms < 4 * 60_000 || world.unrest() !== undefined);
}
