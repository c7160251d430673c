import type { z } from 'zod';
import type { Purpose } from '../../protocol/purpose.ts';
import { Reconnect } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { BudgetReading, Gate } from '../../protocol/ports/gate.ts';
import { unanswered, type Effect } from '../../protocol/unanswered.ts';
import { itemOf, retryAfter_ms, SessionRefused, translate } from './errors.ts';
import type { Gated, Session, Sessions } from './sessions.ts';
import { within } from './within.ts';

/** One REST call: what is sent, and what the gate and the ledger must know. */
export interface Call<T> {
  method: 'GET' | 'POST' | 'PATCH' | 'DELETE';
  /** Below `/services/data/vXX.X`, or a whole path of the vendor's own (`nextRecordsUrl`). */
  path: string;
  body?: object;
  headers?: Readonly<Record<string, string>>;
  effect: Effect;
  object: string;
  count: number;
  purpose: Purpose;
  /** What a 2xx must look like; anything else counts as unanswered. */
  answer: z.ZodType<T>;
}

/** Salesforce counts requests over a rolling day (limits cheatsheet: API requests). */
const window_ms = 24 * 60 * 60_000;

/** Answers of an org that can serve nobody at present. */
const downCodes = /^(SERVER_UNAVAILABLE|ERROR_HTTP_5\d\d)$/;

/** The calls of one account: gated, authorised, timed out, and their faults translated. jsforce's own retries stay off. */
export class Calls {
  readonly clock: Clock;
  readonly #gate: Gate;
  readonly #sessions: Sessions;
  readonly timeout_ms: number;

  constructor(options: { gate: Gate; sessions: Sessions; clock: Clock; timeout_ms: number }) {
    this.clock = options.clock;
    this.#gate = options.gate;
    this.#sessions = options.sessions;
    this.timeout_ms = options.timeout_ms;
  }

  /** The session in use; a new one where `refused` is no longer taken. */
  session(purpose: Purpose, refused?: Session): Promise<Session> {
    const gated: Gated = (open) =>
      this.#gate.call({ endpoint: 'oauth', object: 'token', count: 1, purpose }, () => open());
    return refused ? this.#sessions.other(refused, gated) : this.#sessions.current(gated);
  }

  call<T>(call: Call<T>): Promise<T> {
    return this.inSession(call.purpose, (session) => this.#send(call, session));
  }

  /** Makes a call in the session in use; once more in a new one where that is no longer taken. */
  async inSession<T>(purpose: Purpose, send: (session: Session) => Promise<T>): Promise<T> {
    const session = await this.session(purpose);
    try {
      return await send(session);
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
    }
    const other = await this.session(purpose, session);
    try {
      return await send(other);
    } catch (error) {
      if (!(error instanceof SessionRefused)) throw error;
      throw new Reconnect('Salesforce refuses the session it has just given.', error.cause);
    }
  }

  gated<T>(
    about: { object: string; count: number; purpose: Purpose },
    send: (report: (reading: BudgetReading) => void) => Promise<T>,
  ): Promise<T> {
    return this.#gate.call({ endpoint: 'rest', ...about }, send);
  }

  #send<T>(call: Call<T>, { connection }: Session): Promise<T> {
    const { object, count, purpose } = call;
    return this.gated({ object, count, purpose }, async (report) => {
      const request = {
        method: call.method,
        url: call.path,
        headers: { ...(call.body && { 'content-type': 'application/json' }), ...call.headers },
        ...(call.body && { body: JSON.stringify(call.body) }),
      };
      // No redirects: the token goes with them.
      const options = { timeout: this.timeout_ms, retry: { methods: [] }, followRedirect: false };
      let answer: unknown;
      try {
        answer = await within(connection.request(request, options), this.timeout_ms, this.clock);
      } catch (error) {
        report(this.reading(connection.limitInfo.apiUsage, error));
        throw translate(error, call.effect, this.clock.now_ms());
      }
      report(this.reading(connection.limitInfo.apiUsage, undefined));
      const parsed = call.answer.safeParse(answer);
      if (!parsed.success) throw unanswered('Salesforce', parsed.error, call.effect, this.clock.now_ms());
      return parsed.data;
    });
  }

  /** What an answer, or the lack of one, says of the org's allowance and health. */
  reading(usage: { used: number; limit: number } | undefined, error: unknown): BudgetReading {
    const item = itemOf(error);
    const limited = item?.errorCode === 'REQUEST_LIMIT_EXCEEDED';
    return {
      remaining: usage ? Math.max(0, usage.limit - usage.used) : null,
      limit: usage?.limit ?? null,
      window_ms: usage ? window_ms : null,
      retryAt_ms: item && limited ? this.clock.now_ms() + retryAfter_ms(item) : null,
      down: error !== undefined && (!item || downCodes.test(item.errorCode ?? '')),
    };
  }
}
