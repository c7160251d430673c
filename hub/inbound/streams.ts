import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { mappedNames, mappedOnly, type ReceiveDeps } from './receive.ts';

export interface StreamDeps extends ReceiveDeps {
  crm: CrmAccess;
  clock: Clock;
  log: Log;
}

const firstPause_ms = 250;
const longestPause_ms = 30_000;
const reconnectPause_ms = 60_000;
/** As long as the vendor keeps events: whatever a gap hid changed after this. */
const retention_ms = 72 * 3_600_000;

/** Keeps one event stream per account that has streams, from its stored position, until stopped. */
export class Streams {
  readonly #deps: StreamDeps;
  readonly #stopping = new AbortController();
  readonly #running = new Map<string, Promise<void>>();

  constructor(deps: StreamDeps) {
    this.#deps = deps;
  }

  /** Starts the stream of an account if it has none here. */
  follow(installation: Installation): void {
    const key = JSON.stringify([installation.tenantId, installation.id]);
    if (this.#running.has(key)) return;
    this.#running.set(
      key,
      this.#follow(installation).finally(() => this.#running.delete(key)),
    );
  }

  async stop(): Promise<void> {
    this.#stopping.abort();
    await Promise.allSettled(this.#running.values());
  }

  async #follow(installation: Installation): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    let pause_ms = firstPause_ms;
    while (!signal.aborted) {
      const startedAt_ms = clock.now_ms();
      try {
        if (!(await this.#stream(installation))) return;
      } catch (error) {
        const retryAt_ms = error instanceof RetryLater ? error.retryAt_ms : 0;
        const steady = clock.now_ms() - startedAt_ms > longestPause_ms;
        pause_ms = steady ? firstPause_ms : Math.min(longestPause_ms, pause_ms * 2);
        if (error instanceof Reconnect) pause_ms = reconnectPause_ms;
        log.warn({ installation: installation.id, ...faultForLog(error) }, 'event stream ended; it is opened again');
        await clock.sleep(Math.max(pause_ms, retryAt_ms - clock.now_ms()), signal);
      }
    }
  }

  /** False when the account has no stream. */
  async #stream({ tenantId, id, vendor }: Installation): Promise<boolean> {
    const { store, bell, crm, clock, mapper } = this.#deps;
    const api = await crm.api(tenantId, id);
    if (!api.stream) return false;
    const cursor = await store.tenant(tenantId, (tx) => tx.cursor(id, 'stream'));
    const names = mappedNames(mapper, vendor);
    await api.stream({
      cursor,
      signal: this.#stopping.signal,
      onBatch: async (batch) => {
        const events = batch.events.flatMap((event) => mappedOnly(names, event) ?? []);
        // Once the position is past them nobody tells of these events again: their gaps are stored with it.
        const from_ms = clock.now_ms() - retention_ms;
        const gaps = [...new Set(batch.gaps.map((gap) => gap.object))].map((object) => ({ object, from_ms }));
        const cursor = { name: 'stream', value: batch.cursor };
        await store.receive([{ tenantId, installationId: id, events, cursor, gaps }]);
        if (gaps.length > 0) await this.#pollNow(tenantId, id);
        if (events.length > 0) await bell.ring([{ tenantId, installationId: id, lane: 'observe' }]);
      },
    });
    return true;
  }

  /** The poll lane closes gaps: it goes back as far as the vendor kept events. */
  async #pollNow(tenantId: string, installationId: string): Promise<void> {
    const { store, bell, clock } = this.#deps;
    await store.tenant(tenantId, (tx) => tx.markDue(installationId, 'poll', clock.now_ms()));
    await bell.ring([{ tenantId, installationId, lane: 'poll' }]);
  }
}
