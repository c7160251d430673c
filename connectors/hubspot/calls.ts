import type { z } from 'zod';
import type { Purpose } from '../../protocol/purpose.ts';
import { Reconnect } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { BudgetReading, Gate } from '../../protocol/ports/gate.ts';
import { unanswered, type Effect } from '../../protocol/unanswered.ts';
import { HubspotAnswer, readErrorBody, retryAfter_ms, TokenRefused, translate } from './errors.ts';
import type { Answer, Exchange, Exchanges } from './exchange.ts';
import type { Tokens } from './tokens.ts';

/** One API call: what is sent, and what the gate and the ledger must know. */
export interface Call<T> extends Omit<Exchange, 'token' | 'form'> {
  effect: Effect;
  object: string;
  count: number;
  purpose: Purpose;
  /** `search` has a limit of its own. */
  endpoint?: 'search';
  /** What a 2xx must look like; anything else counts as unanswered. */
  answer: z.ZodType<T>;
}

/** The calls of one account: gated, authorised, timed out, and their faults translated. */
export class Calls {
  readonly clock: Clock;
  readonly #exchanges: Exchanges;
  readonly #gate: Gate;
  readonly #tokens: Tokens;

  constructor(options: { exchanges: Exchanges; gate: Gate; tokens: Tokens; clock: Clock }) {
    this.clock = options.clock;
    this.#exchanges = options.exchanges;
    this.#gate = options.gate;
    this.#tokens = options.tokens;
  }

  async call<T>(call: Call<T>): Promise<T> {
    const renewGated = (renew: () => Promise<string>): Promise<string> =>
      this.#gate.call({ endpoint: 'oauth', object: 'token', count: 1, purpose: call.purpose }, renew);
    const token = await this.#tokens.current(renewGated);
    try {
      return await this.#gated(call, token);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
    }
    const other = await this.#tokens.other(token, renewGated);
    try {
      return await this.#gated(call, other);
    } catch (error) {
      if (!(error instanceof TokenRefused)) throw error;
      throw new Reconnect('HubSpot refuses the access token it has just given.', error.cause);
    }
  }

  #gated<T>(call: Call<T>, token: string): Promise<T> {
    const { endpoint = 'crm', object, count, purpose } = call;
    return this.#gate.call({ endpoint, object, count, purpose }, async (report) => {
      const { method, path, query, body } = call;
      let answer: Answer;
      try {
        answer = await this.#exchanges.send({ method, path, ...(query && { query }), body, token });
      } catch (error) {
        throw unanswered('HubSpot', error, call.effect, this.clock.now_ms());
      }
      report(this.#reading(answer));
      if (answer.status >= 400) throw this.#fault(answer, call.effect);
      const parsed = call.answer.safeParse(answer.body);
      if (!parsed.success) throw unanswered('HubSpot', parsed.error, call.effect, this.clock.now_ms());
      return parsed.data;
    });
  }

  #fault(answer: Answer, effect: Effect): Error {
    const fault = new HubspotAnswer(answer.status, readErrorBody(answer.body));
    if (answer.status === 401) return new TokenRefused(fault.message, { cause: fault });
    return translate(fault, effect, this.#retryAt_ms(answer));
  }

  #retryAt_ms({ status, headers, body }: Answer): number {
    return this.clock.now_ms() + retryAfter_ms(status, headers, readErrorBody(body));
  }

  /** HubSpot docs, "API usage guidelines": the rate limit headers; search answers have none. */
  #reading(answer: Answer): BudgetReading {
    const number = (name: string): number | null => {
      const value = answer.headers.get(name);
      return value !== null && /^\d+$/.test(value) ? Number(value) : null;
    };
    const wait = answer.status === 429 || answer.status === 477 || answer.headers.has('retry-after');
    return {
      remaining: number('x-hubspot-ratelimit-remaining'),
      limit: number('x-hubspot-ratelimit-max'),
      window_ms: number('x-hubspot-ratelimit-interval-milliseconds'),
      retryAt_ms: wait ? this.#retryAt_ms(answer) : null,
      down: answer.status >= 500,
    };
  }
}
