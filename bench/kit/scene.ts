import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from '../../scripts/child.ts';
import { removePostgres, startPostgres, type EmbeddedPostgres } from '../../scripts/postgres/launch.ts';

/** What one benchmark starts: a data directory of its own, processes and a database, all gone when it ends. */
export class Scene {
  readonly dataDir = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  readonly #stops: (() => Promise<void>)[] = [];

  /** Starts one of our programs as a process and waits until it is ready. */
  async child(script: string, env: Readonly<Record<string, string | undefined>>, args: string[] = []): Promise<Child> {
    const child = await startChild(script, args, env, (text) => void process.stderr.write(text));
    this.#stops.push(() => child.stop());
    return child;
  }

  async database(): Promise<EmbeddedPostgres> {
    this.#stops.push(() => removePostgres({ dataDir: this.dataDir }));
    return startPostgres({ dataDir: this.dataDir });
  }

  /** Stops everything, the last started first, and removes the files. */
  async end(): Promise<void> {
    for (const stop of this.#stops.splice(0).toReversed()) await stop();
    rmSync(this.dataDir, { recursive: true, force: true });
  }
}
