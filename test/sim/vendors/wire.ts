import { Reconnect, RetryLater, Uncertain } from '../../../protocol/errors.ts';
import type { Clock } from '../../../protocol/ports/clock.ts';
import type { BudgetReading, Gate } from '../../../protocol/ports/gate.ts';
import type { Purpose } from '../../../protocol/purpose.ts';
import type { Weather } from '../faults/weather.ts';
import type { Quota } from './quota.ts';

/** What every call to one account goes through, and what the account's admin may do to it. */
export interface Line {
  clock: Clock;
  weather: Weather;
  quota: Quota;
  /** One way, in ms. */
  latency_ms(): number;
  /** Every call ends with a server error until this instant. */
  stormUntil_ms: number;
  /** No call is allowed until this instant: an admin took the grant back. */
  revokedUntil_ms: number;
  /** What the vendor waits for after a 429 without a word on it, by its documentation. */
  busyPause_ms: number;
}

interface About {
  endpoint?: string;
  object: string;
  count: number;
  purpose: Purpose;
}

const noAnswerPause_ms = 5_000;
const reading = { remaining: null, window_ms: null };

/**
 * The calls of one opened API:
 *   gate -> sent -> (latency) -> the vendor acts, at one instant -> (latency) -> answer
 * with the faults that may befall it on the way. A dead caller changes nothing about a call that was sent.
 */
export class Wire {
  readonly #line: Line;
  readonly #gate: Gate;
  #session: Promise<void> | undefined;

  constructor(line: Line, gate: Gate) {
    this.#line = line;
    this.#gate = gate;
  }

  read<T>(about: About, act: () => T): Promise<T> {
    return this.#call(about, 'read', act);
  }

  write<T>(about: About, act: () => T): Promise<T> {
    return this.#call(about, 'write', act);
  }

  async #call<T>(about: About, effect: 'read' | 'write', act: () => T): Promise<T> {
    await (this.#session ??= this.#logIn(about.purpose));
    if (this.#line.weather.strikes('token_expired')) {
      // The refused call is one, too.
      await this.#gated(about, 'read', () => undefined);
      const spent = this.#session;
      if (this.#session === spent) this.#session = this.#logIn(about.purpose);
      await this.#session;
    }
    return this.#gated(about, effect, act);
  }

  async #logIn(purpose: Purpose): Promise<void> {
    try {
      await this.#gated({ endpoint: 'oauth', object: 'token', count: 1, purpose }, 'read', () => undefined);
    } catch (error) {
      this.#session = undefined;
      throw error;
    }
  }

  #gated<T>({ endpoint = 'crm', ...about }: About, effect: 'read' | 'write', act: () => T): Promise<T> {
    return this.#gate.call({ endpoint, ...about }, (report) => this.#exchange(endpoint, effect, act, report));
  }

  async #exchange<T>(
    endpoint: string,
    effect: 'read' | 'write',
    act: () => T,
    report: (reading: BudgetReading) => void,
  ): Promise<T> {
    const { clock, weather, quota } = this.#line;
    quota.count(endpoint);
    await clock.sleep(this.#line.latency_ms());
    this.#refuseAtOnce(effect, report);
    if (weather.strikes('lost_request')) throw this.#unanswered(effect, 'no answer came');
    const answer = act();
    await clock.sleep(this.#line.latency_ms());
    if (weather.strikes('lost_answer')) throw this.#unanswered(effect, 'the answer was lost');
    return answer;
  }

  /** What keeps the vendor from acting at all. */
  #refuseAtOnce(effect: 'read' | 'write', report: (reading: BudgetReading) => void): void {
    const { clock, weather, quota, busyPause_ms } = this.#line;
    const now_ms = clock.now_ms();
    if (weather.strikes('revoked')) this.#line.revokedUntil_ms = now_ms + weather.between('revoked', 10_000, 300_000);
    if (now_ms < this.#line.revokedUntil_ms) throw new Reconnect('The grant is no longer valid.');
    if (weather.strikes('storm')) this.#line.stormUntil_ms = now_ms + weather.between('storm', 10_000, 600_000);
    if (now_ms < this.#line.stormUntil_ms || weather.strikes('server_error'))
      throw this.#unanswered(effect, '503 Service Unavailable');
    if (weather.strikes('busy_with_wait')) {
      const retryAt_ms = now_ms + weather.between('busy_with_wait', 1_000, 30_000);
      quota.close(retryAt_ms);
      report({ ...reading, retryAt_ms });
      throw new RetryLater('429 Too Many Requests', retryAt_ms);
    }
    if (weather.strikes('busy')) {
      report({ ...reading, retryAt_ms: now_ms + busyPause_ms });
      throw new RetryLater('429 Too Many Requests', now_ms + busyPause_ms);
    }
  }

  #unanswered(effect: 'read' | 'write', why: string): Error {
    const cause = new Error(why);
    return effect === 'write'
      ? new Uncertain(`The vendor did not answer: ${why}`, cause)
      : new RetryLater(`The vendor did not answer: ${why}`, this.#line.clock.now_ms() + noAnswerPause_ms, cause);
  }
}
