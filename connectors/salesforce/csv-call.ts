import { Readable } from 'node:stream';
import { ReadableStream } from 'node:stream/web';
import { parse } from 'csv-parse';
import type { Purpose } from '../../protocol/purpose.ts';
import { unanswered, type Effect } from '../../protocol/unanswered.ts';
import type { Calls } from './calls.ts';
import { translate } from './errors.ts';
import { apiVersion } from './version.ts';

/** One call whose body or answer is CSV: what jsforce reads whole goes by here line by line. */
export interface CsvCall {
  method: 'GET' | 'PUT';
  /** Below `/services/data/vXX.X`. */
  path: string;
  /** Sent as it is made, and made anew where it must be sent again. */
  body?: () => Iterable<string>;
  /** How long the call may take, its answer's rows too, where that is not as long as any. */
  timeout_ms?: number;
  effect: Effect;
  object: string;
  count: number;
  purpose: Purpose;
}

/** An answer as it comes: one object a row, by the names of the head. */
export interface CsvAnswer {
  headers: Headers;
  rows: AsyncIterable<Record<string, string>>;
}

/** Makes the call and lets `read` go over its rows. A timeout, also one while it reads, counts as no answer. */
export function csvCall<T>(calls: Calls, call: CsvCall, read: (answer: CsvAnswer) => Promise<T>): Promise<T> {
  const { method, path, body, effect, object, count, purpose, timeout_ms = calls.timeout_ms } = call;
  return calls.inSession(purpose, (session) =>
    calls.gated({ object, count, purpose }, async (report) => {
      const noAnswer = (error: unknown): Error => unanswered('Salesforce', error, effect, calls.clock.now_ms());
      let answer: Response;
      let fault: Error | undefined;
      try {
        answer = await fetch(`${session.instanceUrl}/services/data/v${apiVersion}${path}`, {
          method,
          headers: { authorization: `Bearer ${session.accessToken}`, accept: 'text/csv', 'content-type': 'text/csv' },
          ...(body && { body: ReadableStream.from(bytesOf(body())) as BodyInit, duplex: 'half' }),
          // No redirects: the token goes with them.
          redirect: 'error',
          signal: AbortSignal.timeout(timeout_ms),
        });
        fault = answer.ok ? undefined : await refusalOf(answer);
      } catch (error) {
        report(calls.reading(undefined, error));
        throw noAnswer(error);
      }
      report(calls.reading(usageOf(answer.headers), fault));
      if (fault) throw translate(fault, effect, calls.clock.now_ms());
      let broken: unknown;
      const lines = answer.body ? Readable.fromWeb(answer.body as ReadableStream) : Readable.from([]);
      const rows = lines
        .on('error', (error) => (broken = error))
        .pipe(parse({ columns: true, bom: true }))
        .on('error', (error) => (broken ??= error));
      lines.once('error', (error) => rows.destroy(error));
      try {
        return await read({ headers: answer.headers, rows });
      } catch (error) {
        throw broken === undefined ? error : noAnswer(broken);
      }
    }),
  );
}

function* bytesOf(texts: Iterable<string>): Iterable<Uint8Array> {
  for (const text of texts) yield Buffer.from(text);
}

/** An error body in the shape in which jsforce throws it, which `translate` reads. */
async function refusalOf(answer: Response): Promise<Error> {
  const text = await answer.text();
  let data: unknown;
  try {
    data = JSON.parse(text);
  } catch {
    data = undefined;
  }
  const first: unknown = Array.isArray(data) ? data[0] : data;
  const said = typeof first === 'object' && first !== null ? (first as { errorCode?: unknown; message?: unknown }) : {};
  const errorCode = typeof said.errorCode === 'string' ? said.errorCode : `ERROR_HTTP_${answer.status}`;
  const message = typeof said.message === 'string' ? said.message : `HTTP ${answer.status}`;
  return Object.assign(new Error(message), { errorCode, data });
}

/** REST API guide, "Sforce-Limit-Info": `api-usage=18/5000`. */
function usageOf(headers: Headers): { used: number; limit: number } | undefined {
  const [, used, limit] = /api-usage=(\d+)\/(\d+)/.exec(headers.get('sforce-limit-info') ?? '') ?? [];
  return used === undefined ? undefined : { used: Number(used), limit: Number(limit) };
}
