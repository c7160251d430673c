import { z } from 'zod';
import { Fault, Gone, Reconnect, RetryLater } from '../../protocol/errors.ts';
import type { RowStamp } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { Calls } from './calls.ts';
import { csvCall } from './csv-call.ts';
import { instant_ms } from './query.ts';

/** Bulk API 2.0 guide, "Get Information About a Query Job". */
const jobAnswer = z.looseObject({ id: z.string(), state: z.string(), createdDate: z.string().optional() });

/** Rows of one page: few calls, and what one transaction of the hub bears. */
const pageSize = 10_000;
const shortestWait_ms = 1_000;
const longestWait_ms = 30_000;

interface About {
  object: string;
  purpose: Purpose;
}

/** Makes a job that gathers ids and stamps. Undefined where the org gives none: its jobs of the day used up, an object without. */
export async function makeQueryJob(calls: Calls, about: About, where: string): Promise<string | undefined> {
  const query = `SELECT Id, SystemModstamp FROM ${about.object} ${where}`;
  try {
    const { id } = await calls.call({
      method: 'POST',
      path: '/jobs/query',
      body: { operation: 'query', query },
      // A job that nobody asks for again does no harm.
      effect: 'read',
      ...about,
      count: 1,
      answer: jobAnswer,
    });
    return id;
  } catch (error) {
    if (error instanceof Fault || error instanceof Reconnect || error instanceof Gone) return undefined;
    throw error;
  }
}

/**
 * A page of what a job has gathered; `next` undefined ends. Undefined: the job failed, or is not there any more (they are
 * kept for seven days). RetryLater while it runs: about a quarter of the time that it has taken so far.
 */
export async function queryJobPage(
  calls: Calls,
  about: About,
  job: string,
  locator: string | undefined,
): Promise<{ rows: RowStamp[]; next: string | undefined } | undefined> {
  try {
    // A locator is given by complete jobs only.
    const state = locator === undefined ? await stateOf(calls, about, job) : 'JobComplete';
    if (state !== 'JobComplete') return undefined;
    const path = `/jobs/query/${job}/results?maxRecords=${pageSize}${locator === undefined ? '' : `&locator=${encodeURIComponent(locator)}`}`;
    return await csvCall(calls, { method: 'GET', path, effect: 'read', ...about, count: pageSize }, async (answer) => {
      const rows: RowStamp[] = [];
      for await (const row of answer.rows)
        rows.push({ externalId: row['Id'] ?? '', stamp_ms: instant_ms(row['SystemModstamp']) });
      const next = answer.headers.get('sforce-locator');
      return { rows, next: next === null || next === 'null' ? undefined : next };
    });
  } catch (error) {
    if (error instanceof Gone || error instanceof Fault) return undefined;
    throw error;
  }
}

async function stateOf(calls: Calls, about: About, job: string): Promise<string> {
  const { state, createdDate } = await calls.call({
    method: 'GET',
    path: `/jobs/query/${job}`,
    effect: 'read',
    ...about,
    count: 1,
    answer: jobAnswer,
  });
  if (state !== 'UploadComplete' && state !== 'InProgress') return state;
  const now_ms = calls.clock.now_ms();
  const age_ms = now_ms - (instant_ms(createdDate) || now_ms);
  const wait_ms = Math.min(longestWait_ms, Math.max(shortestWait_ms, age_ms / 4));
  throw new RetryLater('Salesforce is still gathering the rows.', Math.ceil(now_ms + wait_ms));
}
