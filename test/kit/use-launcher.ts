import assert from 'node:assert/strict';
import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { removePostgres } from '../../scripts/postgres/launch.ts';
import { eventually } from './eventually.ts';
import { launch, type Launched, type LaunchOptions } from './launcher.ts';
import { processesOf } from './processes-of.ts';

export interface LauncherPlace {
  /** Also the folder that the launcher is started in, and whose `.env` it reads. */
  dataDir: string;
  start: (options?: Partial<LaunchOptions>) => Promise<Launched>;
  /** Waits until no process of this folder lives. */
  noneLeft: () => Promise<void>;
}

/** A folder for the launches of this `describe`. At its end nothing of them is left, also when a test failed. */
export function useLauncher(): () => LauncherPlace {
  let dataDir = '';
  const all: Launched[] = [];
  before(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-test-start-'));
  });
  after(async function () {
    this.timeout(30_000);
    await Promise.all(all.map((ran) => ran.interrupt()));
    await removePostgres({ dataDir });
    for (const pid of processesOf(dataDir)) process.kill(pid, 'SIGKILL');
    rmSync(dataDir, { recursive: true, force: true });
  });
  return () => ({
    dataDir,
    async start(options = {}) {
      const ran = await launch({ dataDir, direct: { folder: dataDir }, ...options });
      all.push(ran);
      return ran;
    },
    noneLeft: () => eventually(() => assert.deepEqual(processesOf(dataDir), []), 20_000),
  });
}
