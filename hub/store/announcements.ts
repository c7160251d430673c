import { Client, type Pool } from 'pg';
import type { Account } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';

type Listener = (account: Account | undefined) => void;

const channel = 'rapport_account';
const againAfter_ms = 1_000;

/** Hints to all processes that an account's state changed, by LISTEN and NOTIFY: ids only, and they may be lost. */
export class Announcements {
  readonly #url: string;
  readonly #pool: Pool;
  readonly #clock: Clock;
  readonly #listeners: Listener[] = [];
  readonly #closing = new AbortController();
  #hearing: Promise<void> | undefined;

  constructor(options: { url: string; pool: Pool; clock: Clock }) {
    this.#url = options.url;
    this.#pool = options.pool;
    this.#clock = options.clock;
  }

  async announce({ tenantId, installationId }: Account): Promise<void> {
    await this.#pool.query('select pg_notify($1, $2)', [channel, JSON.stringify([tenantId, installationId])]);
  }

  /** The first listener opens a connection of its own, and opens it again when it is lost. */
  watch(listener: Listener): void {
    this.#listeners.push(listener);
    this.#hearing ??= this.#hear();
  }

  async close(): Promise<void> {
    this.#closing.abort();
    await this.#hearing;
  }

  async #hear(): Promise<void> {
    const { signal } = this.#closing;
    while (!signal.aborted) {
      const client = new Client({ connectionString: this.#url, keepAlive: true });
      const lost = Promise.withResolvers<void>();
      client.on('error', () => lost.resolve());
      client.on('end', () => lost.resolve());
      client.on('notification', ({ payload = '' }) => {
        const [tenantId = '', installationId = ''] = JSON.parse(payload) as string[];
        for (const listener of this.#listeners) listener({ tenantId, installationId });
      });
      signal.addEventListener('abort', () => lost.resolve(), { once: true });
      try {
        await client.connect();
        await client.query(`listen ${channel}`);
        // What was said while nobody heard is looked up again.
        for (const listener of this.#listeners) listener(undefined);
        await lost.promise;
      } catch {
        // The database does not answer: whoever asks it for calls is told so.
      }
      await client.end().catch(() => undefined);
      await this.#clock.sleep(againAfter_ms, signal);
    }
  }
}
