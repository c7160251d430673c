import assert from 'node:assert/strict';
import { eventually } from '../../../../kit/eventually.ts';
import type { Tiny } from '../start-tiny.ts';

export const base = '/services/data/v67.0';

/** What a test of jobs says to the stand-in. */
export class BulkCaller {
  readonly tiny: Tiny;
  readonly token: string;

  constructor(tiny: Tiny, token: string) {
    this.tiny = tiny;
    this.token = token;
  }

  /** Any call; CSV comes back as text. */
  async raw(method: string, path: string, body?: string, headers: Record<string, string> = {}) {
    const answer = await fetch(`${this.tiny.baseUrl}${base}${path}`, {
      method,
      headers: { authorization: `Bearer ${this.token}`, 'content-type': 'application/json', ...headers },
      ...(body !== undefined && { body }),
    });
    return { status: answer.status, headers: answer.headers, text: await answer.text() };
  }

  /** A JSON call that must succeed. */
  async json(method: string, path: string, body?: object): Promise<Record<string, unknown>> {
    const { status, text } = await this.raw(method, path, body && JSON.stringify(body));
    assert.ok(status < 300, `${status} ${text}`);
    return JSON.parse(text) as Record<string, unknown>;
  }

  /** The status and error code of a call that must be refused. */
  async refusal(method: string, path: string, body?: object): Promise<[number, string | undefined]> {
    const { status, text } = await this.raw(method, path, body && JSON.stringify(body));
    return [status, (JSON.parse(text) as { errorCode: string }[])[0]?.errorCode];
  }

  async accounts(count: number, named = 'Row'): Promise<void> {
    for (let from = 0; from < count; from += 200) {
      const records = Array.from({ length: Math.min(200, count - from) }, (_, at) => ({
        attributes: { type: 'Account' },
        Name: `${named} ${from + at}`,
      }));
      const { status, text } = await this.raw('POST', '/composite/sobjects', JSON.stringify({ records }));
      assert.equal(status, 200, text);
    }
  }

  async query(soql: string, operation = 'query'): Promise<string> {
    return String((await this.json('POST', '/jobs/query', { operation, query: soql }))['id']);
  }

  async state(path: string): Promise<unknown> {
    return (await this.json('GET', path))['state'];
  }

  /** Waits until a job is over; answers its description. */
  ended(path: string): Promise<Record<string, unknown>> {
    return eventually(async () => {
      const info = await this.json('GET', path);
      assert.ok(['JobComplete', 'Failed', 'Aborted'].includes(String(info['state'])), String(info['state']));
      return info;
    }, 15_000);
  }

  /** Makes an ingest job, fills and closes it. */
  async ingest(job: object, csv: string): Promise<string> {
    const { id } = await this.json('POST', '/jobs/ingest', job);
    const put = await this.raw('PUT', `/jobs/ingest/${String(id)}/batches`, csv, { 'content-type': 'text/csv' });
    assert.equal(put.status, 201, put.text);
    await this.json('PATCH', `/jobs/ingest/${String(id)}`, { state: 'UploadComplete' });
    return String(id);
  }

  async lines(path: string): Promise<string[]> {
    const { status, headers, text } = await this.raw('GET', path);
    assert.equal(status, 200, text);
    assert.match(headers.get('content-type') ?? '', /^text\/csv/);
    return text.trimEnd().split('\n');
  }
}
