import { z } from 'zod';
import { Fault } from '../../protocol/errors.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';

const record = z.looseObject({ Id: z.string() });
export type SalesforceRecord = z.infer<typeof record>;

/** REST API guide, "Query": a page and, where there is more, its locator. */
const page = z.looseObject({
  records: z.array(record),
  done: z.boolean(),
  nextRecordsUrl: z.string().optional(),
});

/** All records of a query, page by page. `deleted`: the recycle bin too. */
export async function query(
  calls: Calls,
  soql: string,
  about: { object: string; count: number; purpose: Purpose; deleted?: boolean },
): Promise<SalesforceRecord[]> {
  const { object, count, purpose, deleted = false } = about;
  const records: SalesforceRecord[] = [];
  let path: string | undefined = `/${deleted ? 'queryAll' : 'query'}?q=${encodeURIComponent(soql)}`;
  while (path !== undefined) {
    const answer: z.infer<typeof page> = await calls.call({
      method: 'GET',
      path,
      effect: 'read',
      object,
      count,
      purpose,
      answer: page,
    });
    records.push(...answer.records);
    path = answer.done ? undefined : answer.nextRecordsUrl;
    // What is missing from half an answer is not gone.
    if (!answer.done && path === undefined)
      throw new Fault('Salesforce answered a part of a query and no way to the rest.');
  }
  return records;
}

/** A SOQL text literal (SOQL reference: quoted string escape sequences). */
export function quoted(text: string): string {
  const escaped = text.replaceAll('\\', '\\\\').replaceAll("'", "\\'").replaceAll('\n', '\\n').replaceAll('\r', '\\r');
  return `'${escaped}'`;
}

/** `('a','b')` */
export function quotedList(texts: readonly string[]): string {
  return `(${texts.map(quoted).join(',')})`;
}

/** A record id as Salesforce writes it, 15 or 18 characters. */
export function isId(text: string): boolean {
  return /^(?:[a-zA-Z0-9]{15}|[a-zA-Z0-9]{18})$/.test(text);
}

/** `2026-01-31T10:00:00.000+0000`, in ms. */
export function instant_ms(text: unknown): number {
  return typeof text === 'string' ? Date.parse(text.replace(/([+-]\d{2})(\d{2})$/, '$1:$2')) : Number.NaN;
}
