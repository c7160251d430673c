import { Client } from '@hubspot/api-client';
import type { Clock } from '../../protocol/ports/clock.ts';

export interface Exchange {
  method: 'GET' | 'POST';
  path: string;
  query?: Readonly<Record<string, string>>;
  /** JSON, or form fields. */
  body?: unknown;
  form?: Readonly<Record<string, string>>;
  token?: string;
}

export interface Answer {
  status: number;
  headers: Headers;
  /** Parsed JSON; the text where it is none. */
  body: unknown;
}

/**
 * One HTTP exchange through HubSpot's own SDK, by `apiRequest`: the SDK's generated methods call undated paths that end
 * in 2027. Its limiter and retries stay off. They live in a process-wide singleton that every `new Client` replaces, so
 * no other place may construct a client.
 */
export class Exchanges {
  readonly #client: Client;
  readonly #clock: Clock;
  readonly #timeout_ms: number;

  constructor(options: { baseUrl: string; clock: Clock; timeout_ms: number }) {
    this.#client = new Client({ basePath: options.baseUrl, numberOfApiCallRetries: 0 });
    this.#clock = options.clock;
    this.#timeout_ms = options.timeout_ms;
  }

  /** Answers whatever the status; throws what `fetch` throws, or after the timeout. */
  async send(exchange: Exchange): Promise<Answer> {
    const settled = new AbortController();
    const answer = this.#answer(exchange);
    const timeout = this.#clock.sleep(this.#timeout_ms, settled.signal).then(() => undefined);
    // `apiRequest` takes no signal: what answers after the timeout is left unread.
    answer.catch(() => undefined);
    timeout.catch(() => undefined);
    try {
      const first = await Promise.race([answer, timeout]);
      if (first === undefined) throw new Error(`no answer within ${this.#timeout_ms} ms`);
      return first;
    } finally {
      settled.abort();
    }
  }

  async #answer({ method, path, query, body, form, token }: Exchange): Promise<Answer> {
    const response = await this.#client.apiRequest({
      method,
      path,
      ...(query && { qs: query }),
      ...(body !== undefined && { body }),
      ...(form && { body: new URLSearchParams(form).toString(), defaultJson: false }),
      headers: {
        ...(token !== undefined && { Authorization: `Bearer ${token}` }),
        ...(form && { 'Content-Type': 'application/x-www-form-urlencoded' }),
      },
    });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: readJson(text) };
  }
}

function readJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
