import type { ObjectDescription, RowWrite, WriteJobs } from '../../protocol/crm-connector.ts';
import { backOff_ms } from '../../protocol/back-off.ts';
import { chunks } from '../../protocol/chunks.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import { kindOrder, type Installation, type Kind } from '../../protocol/nouns.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { planWrites, type PlannedWrites } from './plan-writes.ts';
import type { Delivery } from './plan-link.ts';
import { isOutOfReach } from './reach.ts';
import { settleJob } from './settle-job.ts';
import { settleWrites } from './settle-writes.ts';
import { objectFor } from './sides.ts';
import { endWriteJob, readWriteJob, saveWriteJob, type WriteJob } from './write-job.ts';

const purpose: Purpose = { lane: 'background', what: 'deliver' };
/** So long a job is left to the process that is giving it its rows: longer than an upload may take. */
const sending_ms = 6 * 60_000;
const rowsPerTransaction = 1_000;
const shortestWait_ms = 1_000;
const longestWait_ms = 30_000;
/** After so many failures in a row, for more than an hour, nobody waits for a job any more. */
const mostFailures = 12;
const failurePause_ms = 5_000;
const failurePauseMost_ms = 15 * 60_000;

/** An object of which more rows are to be made than calls are good for. */
interface Wanted {
  object: string;
  description: ObjectDescription;
}

/**
 * Goes on with the account's write job, or begins one where more rows of an object are to be made than calls are good for. What
 * is there already goes by calls, however much it is: in the minutes that a job waits somebody may edit it, and the job would
 * write over the edit. Answers when to look at the job again, undefined where there is none.
 */
export async function deliverByJob(
  deps: SyncDeps,
  installation: Installation,
  descriptions: ReadonlyMap<string, ObjectDescription>,
): Promise<number | undefined> {
  const { tenantId, id } = installation;
  const api = await deps.crm.api(tenantId, id);
  const { writeJobs } = api;
  if (!writeJobs) return undefined;
  const { job, wanted } = await deps.store.tenant(tenantId, async (tx) => {
    const job = await readWriteJob(tx, id);
    return { job, wanted: job ? undefined : await find(deps, tx, installation, descriptions, writeJobs) };
  });
  if (job) return job.retryAt_ms > deps.clock.now_ms() ? job.retryAt_ms : goOn(deps, writeJobs, installation, job);
  return wanted && begin(deps, writeJobs, installation, wanted);
}

/** The first object, parents first, of which more rows are to be made than calls are good for. */
async function find(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  descriptions: ReadonlyMap<string, ObjectDescription>,
  { above }: WriteJobs,
): Promise<Wanted | undefined> {
  for (const kind of kindOrder) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    const description = object === undefined ? undefined : descriptions.get(object);
    // Rows with sets of other rows take calls of their own, after the row.
    if (object === undefined || !description || hasSets(deps, kind)) continue;
    const due = await tx.countCreates(installation.id, object, deps.clock.now_ms(), above + 1);
    if (due > above) return { object, description };
  }
  return undefined;
}

function hasSets({ mapper }: SyncDeps, kind: Kind): boolean {
  return mapper.mappings.kinds[kind].fields.some((field) => field.type === 'references');
}

async function begin(
  deps: SyncDeps,
  jobs: WriteJobs,
  installation: Installation,
  { object, description }: Wanted,
): Promise<number | undefined> {
  const { tenantId, id } = installation;
  const plan = await deps.store.tenant(tenantId, (tx) =>
    planWrites(deps, tx, installation, new Map([[object, description]]), jobs.most, new Set(), true),
  );
  if (!plan) return undefined;
  const toSend = new Map(plan.deliveries.flatMap((one) => (one.action === 'send' ? [[rowOf(one), one]] : [])));
  const rows = jobs.carries([...toSend.keys()]);
  const carried = rows.flatMap((row) => toSend.get(row) ?? []);
  const [first] = carried;
  // Fewer than counted: rows that wait for others, or that a job cannot carry.
  const made = first && carried.length > jobs.above && (await make(deps, jobs, installation, plan));
  const isCarried = new Set(made ? carried : []);
  const left = plan.deliveries.filter((one) => one.action === 'send' && !isCarried.has(one));
  await putBack(deps, installation, { ...plan, deliveries: left });
  if (!first || !made) return undefined;
  const job: WriteJob = { id: made, object, sentAt_ms: first.write.sentAt_ms, failures: 0, retryAt_ms: 0 };
  await deps.store.tenant(tenantId, (tx) => saveWriteJob(tx, id, job));
  try {
    await jobs.send(made, object, plan.idField, rows, purpose);
  } catch (error) {
    // Its state says whether it has its rows.
    if (error instanceof Reconnect) throw error;
    return failed(deps, jobs, installation, job, error);
  }
  deps.log.info({ installation: id, object, job: made, rows: carried.length }, 'a write job was started');
  return deps.clock.now_ms() + shortestWait_ms;
}

/** An empty job; undefined where the vendor gives none at present. */
async function make(
  deps: SyncDeps,
  jobs: WriteJobs,
  installation: Installation,
  { object, idField }: PlannedWrites,
): Promise<string | undefined> {
  try {
    return await jobs.make(object, idField, purpose);
  } catch (error) {
    deps.log.warn({ installation: installation.id, object, ...faultForLog(error) }, 'no write job could be made');
    return undefined;
  }
}

/** Rows that no job takes go by calls, with the next batches: once tried, they are not counted for a job again. */
async function putBack(deps: SyncDeps, installation: Installation, plan: PlannedWrites): Promise<void> {
  const now_ms = deps.clock.now_ms();
  for (const deliveries of chunks(plan.deliveries, rowsPerTransaction)) {
    const answers = new Map(
      deliveries.map(({ link }) => [link.id, { status: 'not_sent', retryAt_ms: now_ms } as const]),
    );
    const answered = { answers, answeredAt_ms: now_ms, seen: new Set<string>() };
    await deps.store.tenant(installation.tenantId, (tx) =>
      settleWrites(deps, tx, installation, plan, { ...plan, deliveries }, answered),
    );
  }
}

function rowOf({ link, fields, before }: Delivery): RowWrite {
  return { recordId: link.recordId, externalId: link.externalId, fields, before };
}

/** A job that cannot be asked for stops no other write: it is asked for again later, until nobody waits for it any more. */
async function failed(
  deps: SyncDeps,
  jobs: WriteJobs,
  { tenantId, id }: Installation,
  job: WriteJob,
  error: unknown,
): Promise<number> {
  const failures = job.failures + 1;
  const now_ms = deps.clock.now_ms();
  const where = { installation: id, object: job.object, job: job.id, failures, ...faultForLog(error) };
  if (failures < mostFailures) {
    deps.log.warn(where, 'a write job cannot be asked for');
    const pause_ms = backOff_ms(failurePause_ms, failurePauseMost_ms, job.failures);
    const retryAt_ms = Math.max(now_ms + pause_ms, error instanceof RetryLater ? error.retryAt_ms : 0);
    await deps.store.tenant(tenantId, (tx) => saveWriteJob(tx, id, { ...job, failures, retryAt_ms }));
    return retryAt_ms;
  }
  deps.log.error(where, 'a write job is given up: its rows are read back one by one');
  // So that it does not write any more, if it runs still.
  await jobs.abandon(job.id, job.object, purpose).catch((reason: unknown) => {
    deps.log.warn({ installation: id, job: job.id, ...faultForLog(reason) }, 'a write job could not be ended');
  });
  await deps.store.tenant(tenantId, (tx) => endWriteJob(tx, id, job));
  return now_ms;
}

/** Looks how a job is doing; settles what became of its rows when it is over. Answers when to look again. */
async function goOn(
  deps: SyncDeps,
  jobs: WriteJobs,
  installation: Installation,
  job: WriteJob,
): Promise<number | undefined> {
  const { tenantId, id } = installation;
  const age_ms = deps.clock.now_ms() - job.sentAt_ms;
  const later_ms = deps.clock.now_ms() + Math.min(longestWait_ms, Math.max(shortestWait_ms, age_ms / 4));
  try {
    const state = await jobs.state(job.id, job.object, purpose);
    if (state === 'running' || (state === 'unsent' && age_ms < sending_ms)) {
      if (job.failures > 0)
        await deps.store.tenant(tenantId, (tx) => saveWriteJob(tx, id, { ...job, failures: 0, retryAt_ms: 0 }));
      return later_ms;
    }
    // Its rows were never written: they are read back, and sent anew.
    if (state === 'unsent') await jobs.abandon(job.id, job.object, purpose);
    if (state === 'over') await settleJob(deps, jobs, installation, job, purpose);
  } catch (error) {
    // What the vendor forgot, or does not show any more, is read back row by row.
    if (error instanceof Reconnect) throw error;
    if (!isOutOfReach(error)) return failed(deps, jobs, installation, job, error);
  }
  await deps.store.tenant(tenantId, (tx) => endWriteJob(tx, id, job));
  return deps.clock.now_ms();
}
