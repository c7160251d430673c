import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { LeaseKey, Leases, LeaseTerm } from '../../protocol/ports/leases.ts';
import { followStream, type FollowDeps } from './follow-stream.ts';

export interface StreamDeps extends FollowDeps {
  leases: Leases;
}

/** A process that dies is succeeded within lease and look: under 10 s, with the time to open the stream. */
const lease_ms = 6_000;
const lookEvery_ms = 1_500;
/** So many at a time, so that processes that start together share the accounts. */
const takenAtOnce = 20;

/**
 * Follows event streams, each account's by one process of all that do this:
 *
 *     every 1.5 s:  renew all leases held ──> what is lost ends here
 *                   take what nobody holds ──> followed from the stored position on
 *
 * An account connected later is offered in the transaction that stores it, a disconnected one is withdrawn.
 */
export class Streams {
  readonly #deps: StreamDeps;
  readonly #stopping = new AbortController();
  readonly #followed = new Map<string, { end: AbortController; ended: Promise<void> }>();
  #looking: Promise<void> | undefined;

  constructor(deps: StreamDeps) {
    this.#deps = deps;
  }

  start(): void {
    this.#looking ??= this.#look();
  }

  /** Lets other processes take over at once. */
  async stop(): Promise<void> {
    this.#stopping.abort();
    await this.#looking;
    for (const { end } of this.#followed.values()) end.abort();
    await Promise.allSettled([...this.#followed.values()].map(({ ended }) => ended));
  }

  async #look(): Promise<void> {
    const { clock, log } = this.#deps;
    const { signal } = this.#stopping;
    let renewedAt_ms = clock.now_ms();
    while (!signal.aborted) {
      const now_ms = clock.now_ms();
      try {
        const term = { holder: this.#deps.holder, now_ms, lease_ms };
        await this.#renew(term);
        renewedAt_ms = now_ms;
        await this.#takeMore(term);
      } catch (error) {
        log.warn(faultForLog(error), 'event streams could not be leased');
        // Somebody else may have them by now.
        if (now_ms - renewedAt_ms > lease_ms) for (const { end } of this.#followed.values()) end.abort();
      }
      await clock.sleep(lookEvery_ms, signal);
    }
  }

  async #renew(term: LeaseTerm): Promise<void> {
    if (this.#followed.size === 0) return;
    const kept = new Set((await this.#deps.leases.renew('stream', term)).map(nameOf));
    for (const [name, { end }] of this.#followed) if (!kept.has(name)) end.abort();
  }

  async #takeMore(term: LeaseTerm): Promise<void> {
    for (const key of await this.#deps.leases.takeOffered('stream', term, takenAtOnce)) {
      const name = nameOf(key);
      const end = new AbortController();
      // One that was lost may still be ending here.
      const before = this.#followed.get(name)?.ended;
      const ended = this.#follow(key, end.signal, before).finally(() => {
        if (this.#followed.get(name)?.end === end) this.#followed.delete(name);
      });
      this.#followed.set(name, { end, ended });
    }
  }

  async #follow(key: LeaseKey, signal: AbortSignal, before: Promise<void> | undefined): Promise<void> {
    const { leases, log, holder } = this.#deps;
    await before;
    try {
      const outcome = await followStream(this.#deps, key, signal);
      if (outcome === 'no stream') await leases.withdraw(key);
      else await leases.giveBack(key, holder);
    } catch (error) {
      // The lease passes by itself.
      log.warn({ installation: key.installationId, ...faultForLog(error) }, 'an event stream could not be given back');
    }
  }
}

function nameOf({ tenantId, installationId }: LeaseKey): string {
  return JSON.stringify([tenantId, installationId]);
}
