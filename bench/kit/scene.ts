import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startChild, type Child } from '../../scripts/child.ts';
import { removePostgres, startPostgres, type EmbeddedPostgres } from '../../scripts/postgres/launch.ts';

/** What one benchmark starts: a data directory of its own, processes and a database, all gone when it ends. */
export class Scene {
  static readonly #open = new Set<Scene>();
  readonly dataDir = mkdtempSync(join(tmpdir(), 'rapport-bench-'));
  readonly #stops: (() => Promise<void>)[] = [];
  #ending: Promise<void> | undefined;

  constructor() {
    Scene.#open.add(this);
  }

  /** Ends what is still open, when the run is interrupted. */
  static async endAll(): Promise<void> {
    for (const scene of Scene.#open) await scene.end();
  }

  /** Starts one of our programs as a process and waits until it is ready. */
  async child(script: string, env: Readonly<Record<string, string | undefined>>, args: string[] = []): Promise<Child> {
    const child = await startChild(script, args, env, (text) => void process.stderr.write(text));
    this.onEnd(() => child.stop());
    return child;
  }

  async database(): Promise<EmbeddedPostgres> {
    this.onEnd(() => removePostgres({ dataDir: this.dataDir }));
    return startPostgres({ dataDir: this.dataDir });
  }

  /** Something to stop at the end, before what was started earlier. */
  onEnd(stop: () => Promise<void>): void {
    this.#stops.push(stop);
  }

  /** Stops everything, the last started first, and removes the files. Whoever asks again waits for the same end. */
  end(): Promise<void> {
    this.#ending ??= (async () => {
      for (const stop of this.#stops.toReversed()) await stop();
      rmSync(this.dataDir, { recursive: true, force: true });
      Scene.#open.delete(this);
    })();
    return this.#ending;
  }
}
