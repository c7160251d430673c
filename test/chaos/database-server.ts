import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { migrateQueue } from '../../hub/queue.ts';
import { migrate } from '../../hub/store/migrate.ts';
import { serverAccount } from '../../scripts/postgres/account.ts';
import { serverHome } from '../../scripts/postgres/home.ts';
import { removePostgres, startPostgres } from '../../scripts/postgres/launch.ts';
import type { FreshDatabase } from '../kit/postgres.ts';
import { untilGone } from './until-gone.ts';

/** The embedded PostgreSQL as `npm start` launches it, durable, on files of its own, which can be killed and started again. */
export class DatabaseServer {
  readonly #dataDir: string;
  readonly database: FreshDatabase;

  private constructor(dataDir: string, database: FreshDatabase) {
    this.#dataDir = dataDir;
    this.database = database;
  }

  static async start(): Promise<DatabaseServer> {
    const dataDir = mkdtempSync(join(tmpdir(), 'rapport-chaos-'));
    const { ownerUrl, appUrl } = await startPostgres({ dataDir });
    const server = new DatabaseServer(dataDir, { ownerUrl, appUrl });
    try {
      const appRole = new URL(appUrl).username;
      await migrate({ ownerUrl, appRole });
      await migrateQueue({ ownerUrl, appRole });
    } catch (error) {
      await server.remove();
      throw error;
    }
    return server;
  }

  /** SIGKILL of the postmaster, which leaves its children to find out. */
  async kill(): Promise<void> {
    const cluster = join(serverHome(this.#dataDir, serverAccount()), 'cluster');
    const [pid] = readFileSync(join(cluster, 'postmaster.pid'), 'utf8').split('\n');
    process.kill(Number(pid), 'SIGKILL');
    await untilGone(Number(pid));
  }

  /** As whoever keeps the server running would. Throws when it comes back somewhere else. */
  async startAgain(): Promise<void> {
    const { appUrl } = await startPostgres({ dataDir: this.#dataDir });
    if (appUrl !== this.database.appUrl) throw new Error('PostgreSQL came back at another address.');
  }

  async remove(): Promise<void> {
    await removePostgres({ dataDir: this.#dataDir });
    rmSync(this.#dataDir, { recursive: true, force: true });
  }
}
