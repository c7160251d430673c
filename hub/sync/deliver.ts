import { Reconnect, Rejected, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { ArchiveOutcome, CrmApi, ObjectDescription, RowOutcome } from '../../protocol/crm-connector.ts';
import type { Installation, Kind } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { InboxItem, TenantTx } from '../../protocol/ports/store.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import { answerOf, failureOf } from './answer-of.ts';
import { applyApart } from './apply-apart.ts';
import { deliverByJob } from './deliver-by-job.ts';
import type { SyncDeps } from './deps.ts';
import { lookFirst } from './look-first.ts';
import type { Observation } from './observation.ts';
import type { Delivery } from './plan-link.ts';
import { planWrites, type PlannedWrites } from './plan-writes.ts';
import { closedState, closeObject, isOutOfReach, objectsOf } from './reach.ts';
import { settleWrites, type Answer } from './settle-writes.ts';

const rowsPerBatch = 200;
const brokenPause_ms = 60_000;
const absentPause_ms = 60_000;
/** A row that was made so long ago is known to every copy that may answer a read: one that is not found then was not made. */
const newRow_ms = 5_000;

/*
 * One batch of an installation's due writes (rows that somebody may have edited unseen are read and reconciled before):
 *   transaction (derive what to write, store the Writes as sent) -> vendor call -> read back what the answer did not show
 *   -> transaction (outcomes) -> the rows read, as any other observation.
 * A write whose outcome is unknown is read back first and never resent blindly.
 * Answers when to look again, or undefined.
 */
export async function deliverBatch(
  deps: SyncDeps,
  { tenantId, installationId }: WorkAddress,
): Promise<number | undefined> {
  const { installation, objects } = await deps.store.tenant(tenantId, (tx) => writable(deps, tx, installationId));
  if (!installation) return undefined;
  // The poll lane finds out when the account is connected again.
  if (installation.brokenReason !== null) return deps.clock.now_ms() + brokenPause_ms;
  const descriptions = new Map<string, ObjectDescription>();
  for (const { object, idField } of objects) {
    const description = await described(deps, installation, object, idField);
    if (description) descriptions.set(object, description);
  }
  const job_ms = await deliverByJob(deps, installation, descriptions);
  const seen = new Set<string>();
  for (let round = 0; round < 2; round += 1) {
    const plan = await deps.store.tenant(tenantId, (tx) =>
      planWrites(deps, tx, installation, descriptions, rowsPerBatch, seen),
    );
    if (plan && plan.deliveries.length > 0) await deliver(deps, installation, plan);
    // In the second round those are left that became due meanwhile, for the next batch.
    if (round > 0 || !plan || plan.unseen.length === 0) break;
    if (!(await isSeen(deps, installation, plan))) return deps.clock.now_ms();
    for (const link of plan.unseen) seen.add(link.id);
  }
  // What is due to an object that the account does not have waits until it has it.
  const next_ms = await deps.store.tenant(tenantId, (tx) => tx.nextDelivery(installationId, [...descriptions.keys()]));
  const later_ms = next_ms ?? (await deps.store.tenant(tenantId, (tx) => laterFor(deps, tx, installation)));
  return job_ms === undefined ? later_ms : Math.min(job_ms, later_ms ?? job_ms);
}

/** An account that may be written, and the objects of it that are not left alone. */
async function writable(
  deps: SyncDeps,
  tx: TenantTx,
  installationId: string,
): Promise<{ installation?: Installation; objects: { object: string; idField: string }[] }> {
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  if (installation?.state !== 'writing') return { objects: [] };
  const objects: { object: string; idField: string }[] = [];
  for (const one of objectsOf(deps, installation))
    if (!(await closedState(tx, installationId, one.object))) objects.push(one);
  return { installation, objects };
}

/**
 * One object that cannot be described keeps no other from being written. A description without our id field is older than the
 * field, which another process made, or the field is gone: it is asked for anew.
 */
async function described(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  object: string,
  idField: string,
): Promise<ObjectDescription | undefined> {
  try {
    const known = await deps.crm.describe(tenantId, id, object);
    if (!known || known.fields[idField]) return known;
    deps.crm.forgetDescriptions(tenantId, id);
    return await deps.crm.describe(tenantId, id, object);
  } catch (error) {
    if (error instanceof RetryLater || error instanceof Reconnect) throw error;
    deps.log.error({ installation: id, object, ...faultForLog(error) }, 'an object could not be described');
    return undefined;
  }
}

/** Reads what must be seen before it is written. False: the object is out of reach, and left alone from now on. */
async function isSeen(deps: SyncDeps, installation: Installation, plan: PlannedWrites): Promise<boolean> {
  try {
    await lookFirst(deps, installation, plan, plan.unseen);
    return true;
  } catch (error) {
    if (!isOutOfReach(error)) throw error;
    await closeObject(deps, installation, plan.object, error);
    return false;
  }
}

/** Looks again in a while when something is due to an object that is not there. */
async function laterFor(deps: SyncDeps, tx: TenantTx, installation: Installation): Promise<number | undefined> {
  const objects = objectsOf(deps, installation).map(({ object }) => object);
  const due_ms = await tx.nextDelivery(installation.id, objects);
  return due_ms === undefined ? undefined : Math.max(due_ms, deps.clock.now_ms() + absentPause_ms);
}

async function deliver(deps: SyncDeps, installation: Installation, plan: PlannedWrites): Promise<void> {
  const { tenantId, id } = installation;
  const api = await deps.crm.api(tenantId, id);
  const about = { kind: plan.kind, object: plan.object };
  const answers = await sendAll(deps, api, installation, plan);
  const answeredAt_ms = deps.clock.now_ms();
  const rows = await readBack(deps, api, installation, about, plan, answers);

  const seen = new Set(rows.map((row) => row.row.externalId));
  const isWoken = await deps.store.tenant(tenantId, (tx) =>
    settleWrites(deps, tx, installation, about, plan, { answers, answeredAt_ms, seen }),
  );
  if (isWoken) await deps.bell.ring([{ tenantId, installationId: id, lane: 'observe' }]);
  const links = plan.deliveries.map(({ link }) => [`${link.object}:${link.externalId}`, link] as const);
  await applyApart(deps, { installation, about, known: new Map(links) }, rows);
  for (const answer of answers.values()) if (answer.status === 'not_sent' && answer.broken) throw answer.broken;
}

/** Sends what is to be sent; a write with an unknown outcome is only read back. */
async function sendAll(
  deps: SyncDeps,
  api: CrmApi,
  installation: Installation,
  plan: PlannedWrites,
): Promise<Map<string, Answer>> {
  const answers = new Map<string, Answer>();
  const toSend = plan.deliveries.filter((one) => one.action === 'send');
  for (const one of plan.deliveries) if (one.action === 'read-back') answers.set(one.link.id, { status: 'unknown' });
  await archiveAll(deps, api, plan, answers);
  if (toSend.length === 0) return answers;
  const fields = deps.mapper.fieldsToRead(plan.kind, installation.vendor, plan.object, true);
  let outcomes: RowOutcome[];
  try {
    const rows = toSend.map((one) => ({
      recordId: one.link.recordId,
      externalId: one.link.externalId,
      fields: one.fields,
      before: one.before,
    }));
    outcomes = await api.write(plan.object, plan.idField, rows, fields, { lane: 'interactive', what: 'deliver' });
  } catch (error) {
    outcomes = toSend.map(() => ({ status: 'failed', error: error as Error }));
  }
  for (const [index, one] of toSend.entries()) answers.set(one.link.id, answerOf(deps, outcomes[index] as RowOutcome));
  return answers;
}

/** Deletes the rows of deleted records. */
async function archiveAll(
  deps: SyncDeps,
  api: CrmApi,
  plan: PlannedWrites,
  answers: Map<string, Answer>,
): Promise<void> {
  const condemned = plan.deliveries.filter((one) => one.action === 'archive');
  if (condemned.length === 0) return;
  const ids = condemned.map((one) => String(one.link.externalId));
  const purpose = { lane: 'interactive', what: 'archive' } as const;
  let outcomes: ArchiveOutcome[];
  try {
    const none = new Rejected('This CRM lets nothing be deleted.', { code: 'no_archive', remedy: 'Delete it there.' });
    outcomes = api.archive
      ? await api.archive(plan.object, ids, purpose)
      : ids.map(() => ({ status: 'failed', error: none }));
  } catch (error) {
    outcomes = ids.map(() => ({ status: 'failed', error: error as Error }));
  }
  for (const [index, one] of condemned.entries()) {
    const outcome = outcomes[index] as ArchiveOutcome;
    const answer = outcome.status === 'ok' ? ({ status: 'archived' } as const) : failureOf(deps, outcome.error);
    answers.set(one.link.id, answer);
  }
}

/** The rows after the write: from the answer itself, or read again; for unknown outcomes by our id. */
async function readBack(
  deps: SyncDeps,
  api: CrmApi,
  installation: Installation,
  about: { kind: Kind; object: string },
  plan: PlannedWrites,
  answers: Map<string, Answer>,
): Promise<Observation[]> {
  const fields = deps.mapper.fieldsToRead(about.kind, installation.vendor, about.object, plan.edges);
  const purpose = { lane: 'interactive', what: 'read-back' } as const;
  const rows: VendorRow[] = [];
  const ids: string[] = [];
  const unknownCreates: Delivery[] = [];
  for (const one of plan.deliveries) {
    const answer = answers.get(one.link.id);
    if (answer?.status === 'ok' && answer.row) rows.push(answer.row);
    else if (answer?.status === 'ok') ids.push(answer.externalId);
    else if (answer?.status === 'unknown' && one.link.externalId !== null) ids.push(one.link.externalId);
    else if (answer?.status === 'unknown') unknownCreates.push(one);
  }
  const hints = await hintsOfUnknown(deps, installation, about.object, plan, answers);
  const readAt_ms = deps.clock.now_ms();
  try {
    if (ids.length > 0) {
      const read = await api.read(about.object, ids, fields, purpose);
      rows.push(...read.rows);
      const gone = new Set(read.missing);
      for (const one of plan.deliveries)
        if (one.link.externalId !== null && gone.has(one.link.externalId)) answers.set(one.link.id, { status: 'gone' });
    }
    if (unknownCreates.length > 0) {
      const found = await api.readByRecordId(
        about.object,
        plan.idField,
        unknownCreates.map((one) => one.link.recordId),
        fields,
        purpose,
      );
      for (const row of found) {
        const owner = unknownCreates.find((one) => one.link.recordId === row.fields[plan.idField]);
        if (owner) answers.set(owner.link.id, { status: 'seen', externalId: row.externalId });
        rows.push(row);
      }
      for (const one of unknownCreates)
        if (answers.get(one.link.id)?.status === 'unknown' && readAt_ms - one.write.sentAt_ms >= newRow_ms)
          answers.set(one.link.id, { status: 'not_sent', retryAt_ms: readAt_ms });
    }
    for (const one of plan.deliveries) {
      const answer = answers.get(one.link.id);
      const row = rows.find((row) => row.externalId === one.link.externalId);
      if (answer?.status === 'unknown' && row) answers.set(one.link.id, { status: 'seen', externalId: row.externalId });
    }
  } catch (error) {
    // The outcomes stand; what could not be read is read back by the next batch.
    deps.log.warn(
      { installation: installation.id, object: about.object, error: (error as Error).name },
      'read-back failed',
    );
  }
  const unsure = new Set([...answers.values()].flatMap((one) => (one.status === 'seen' ? [one.externalId] : [])));
  return rows.map((row) => {
    const items = hints.get(row.externalId) ?? [];
    return { row, readAt_ms, items, lane: 'event', unsure: unsure.has(row.externalId) };
  });
}

/** Hints of rows whose write has an unknown outcome have waited for it: they tell our value from a person's. */
async function hintsOfUnknown(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  object: string,
  plan: PlannedWrites,
  answers: ReadonlyMap<string, Answer>,
): Promise<Map<string, InboxItem[]>> {
  const rows = plan.deliveries.flatMap(({ link }) =>
    answers.get(link.id)?.status === 'unknown' ? (link.externalId ?? []) : [],
  );
  if (rows.length === 0) return new Map();
  const hints = await deps.store.tenant(tenantId, (tx) => tx.hintsOf(id, object, rows));
  return Map.groupBy(hints, (item) => item.event.externalId);
}
