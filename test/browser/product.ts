import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { eventually } from '../kit/eventually.ts';
import { launch } from '../kit/launcher.ts';

const buildPatience_ms = 300_000;

export interface Product {
  desk: string;
  /** Resolves when card and component are built; throws with the builder's own words when one is not. */
  built(): Promise<void>;
  /** As Ctrl-C does. Gives the exit code. */
  stop(): Promise<number | null>;
}

/** `npm start` on free ports and files of its own. */
export async function startProduct(): Promise<Product> {
  const dataDir = mkdtempSync(join(tmpdir(), 'rapport-test-product-'));
  const ran = await launch({ dataDir, direct: { folder: dataDir } });
  const stop = async (): Promise<number | null> => {
    const code = await ran.interrupt();
    rmSync(dataDir, { recursive: true, force: true });
    return code;
  };
  const desk = await ran.address('The desk').catch(async (error: unknown) => {
    await stop();
    throw error;
  });
  return { desk, stop, built: () => untilBuilt(desk) };
}

async function untilBuilt(desk: string): Promise<void> {
  const builds = await eventually(async () => {
    const state = (await (await fetch(`${desk}/api/state`)).json()) as { builds: { state: string; message: string }[] };
    const open = state.builds.filter((build) => build.state !== 'ready' && build.state !== 'failed');
    assert.deepEqual(open, []);
    return state.builds;
  }, buildPatience_ms);
  const failed = builds.filter(({ state }) => state === 'failed').map(({ message }) => message);
  assert.deepEqual(failed, []);
}
