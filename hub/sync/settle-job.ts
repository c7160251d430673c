import type { JobOutcome, WriteJobs } from '../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import { kindOrder, type Installation, type Kind } from '../../protocol/nouns.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { answerOf } from './answer-of.ts';
import type { SyncDeps } from './deps.ts';
import type { Delivery } from './plan-link.ts';
import { settleWrites, type Answer } from './settle-writes.ts';
import { objectFor } from './sides.ts';
import type { WriteJob } from './write-job.ts';

interface JobRows {
  kind: Kind;
  object: string;
  idField: string;
  job: WriteJob;
}

/** Stores what became of the rows of a job that is over, some at a time. Once more, it finds their Writes settled and does nothing. */
export async function settleJob(
  deps: SyncDeps,
  jobs: WriteJobs,
  installation: Installation,
  job: WriteJob,
  purpose: Purpose,
): Promise<void> {
  const { object } = job;
  const kind = kindOrder.find((one) => objectFor(deps.mapper, one, installation)?.object === object);
  const target = kind && objectFor(deps.mapper, kind, installation);
  if (!kind || !target) return;
  for await (const page of jobs.outcomes(job.id, object, target.idField, purpose))
    await settleApart(deps, installation, { kind, ...target, job }, page);
}

/** A bad row stops no other: when a page cannot be stored each row goes alone, and one that fails alone is parked. */
async function settleApart(
  deps: SyncDeps,
  installation: Installation,
  about: JobRows,
  page: readonly JobOutcome[],
): Promise<void> {
  try {
    await settlePage(deps, installation, about, page);
  } catch (error) {
    if (error instanceof RetryLater || error instanceof Reconnect) throw error;
    const [first, ...others] = page;
    if (first && others.length === 0) await parkRow(deps, installation, about, first, error);
    if (others.length > 0) for (const one of page) await settleApart(deps, installation, about, [one]);
  }
}

/** Its Write stays open, so that nothing is sent again blindly. Only the class of the error is kept: its message may quote the row. */
async function parkRow(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  { object, job }: JobRows,
  { recordId }: JobOutcome,
  error: unknown,
): Promise<void> {
  deps.log.error(
    { installation: id, object, job: job.id, record: recordId, ...faultForLog(error) },
    'a row of a write job could not be settled',
  );
  const remedy = 'It is looked at again when it changes. If it still waits then, report it with its id.';
  const detail = error instanceof Error ? error.name : 'Error';
  const entry = {
    id: deps.ids.next(),
    installationId: id,
    object,
    externalId: null,
    recordId,
    field: null,
    value: null,
  };
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.lockRecords([recordId]);
    const links = (await tx.linksOfRecords([recordId])).filter(
      (link) => link.installationId === id && link.state === 'live',
    );
    await tx.saveLinks(links.map((link) => ({ ...link, deliverAt_ms: null })));
    await tx.park([{ ...entry, cause: 'unreadable', detail, remedy, waitsFor: null, at_ms: deps.clock.now_ms() }]);
  });
}

async function settlePage(
  deps: SyncDeps,
  installation: Installation,
  about: JobRows,
  page: readonly JobOutcome[],
): Promise<void> {
  const { tenantId, id } = installation;
  const { job } = about;
  const isWoken = await deps.store.tenant(tenantId, async (tx) => {
    const links = (await tx.linksOfRecords(page.map(({ recordId }) => recordId))).filter(
      (link) => link.installationId === id && link.state === 'live',
    );
    const linkOf = new Map(links.map((link) => [link.recordId, link]));
    const writes = (await tx.openWrites(links.map((link) => link.id))).filter((one) => one.sentAt_ms === job.sentAt_ms);
    const writeOf = new Map(writes.map((write) => [write.linkId, write]));
    const answers = new Map<string, Answer>();
    const deliveries: Delivery[] = [];
    for (const { recordId, outcome } of page) {
      const link = linkOf.get(recordId);
      const write = link && writeOf.get(link.id);
      if (!link || !write) continue;
      answers.set(link.id, answerOf(deps, outcome));
      deliveries.push({ link, write, action: 'send', fields: {}, before: {} });
    }
    const plan = { ...about, deliveries, unseen: [], edges: false };
    const answered = { answers, answeredAt_ms: deps.clock.now_ms(), seen: new Set<string>() };
    return settleWrites(deps, tx, installation, about, plan, answered);
  });
  if (isWoken) await deps.bell.ring([{ tenantId, installationId: id, lane: 'observe' }]);
}
