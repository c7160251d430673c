import { backOff_ms } from '../../protocol/back-off.ts';
import type { Reconnect, Rejected } from '../../protocol/errors.ts';
import type { Installation, Kind, Link, Parked, Write } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { VendorEvent, VendorRow } from '../../protocol/vendor-event.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { SyncDeps } from './deps.ts';
import { deletionFingerprint, fingerprint, idFingerprint } from './fingerprint.ts';
import { lookAgain } from './look-again.ts';
import type { Delivery } from './plan-link.ts';
import type { PlannedWrites } from './plan-writes.ts';
import { wakeHints } from './postpone.ts';

/** What a vendor said of one write. */
export type Answer =
  | { status: 'ok'; externalId: string; row: VendorRow | null }
  /** The outcome was not known, and the row was read since: it says what was taken. */
  | { status: 'seen'; externalId: string }
  /** The outcome is not known: read back before anything else. */
  | { status: 'unknown' }
  | { status: 'refused'; error: Rejected }
  /** Not sent, or surely not taken. Without an instant: waits until the account is connected again. */
  | { status: 'not_sent'; retryAt_ms: number | undefined; broken?: Reconnect }
  | { status: 'gone' }
  /** The row was deleted, as was asked. */
  | { status: 'archived' };

export interface BatchAnswers {
  /** By link id. */
  answers: ReadonlyMap<string, Answer>;
  /** When the vendor had answered: a row read before is stale. */
  answeredAt_ms: number;
  /** External ids of rows read after the answer. */
  seen: ReadonlySet<string>;
}

const reconnectPause_ms = 60_000;
const readBackPause_ms = 1_000;
const longestReadBackPause_ms = 64_000;
const absentPause_ms = 60_000;

/**
 * Stores the outcomes of a batch. Rows that were read (`seen`) are reconciled afterwards. True: hints that waited for the outcome
 * of other rows are looked at now; those of seen rows are woken when these are reconciled, so that they are not read twice.
 */
export async function settleWrites(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  plan: PlannedWrites,
  { answers, answeredAt_ms, seen }: BatchAnswers,
): Promise<boolean> {
  await tx.lockRecords(plan.deliveries.map((one) => one.link.recordId));
  const current = new Map(
    (await tx.linksOfRecords(plan.deliveries.map((one) => one.link.recordId))).map((link) => [link.id, link]),
  );
  const open = new Set((await tx.openWrites([...current.keys()])).map((write) => write.id));
  const now_ms = deps.clock.now_ms();
  const links: Link[] = [];
  const writes: Write[] = [];
  const parked: Parked[] = [];
  const hints: VendorEvent[] = [];
  const audit: Parameters<TenantTx['audit']>[0][number][] = [];
  for (const delivery of plan.deliveries) {
    const link = current.get(delivery.link.id);
    const answer = answers.get(delivery.link.id);
    // An observation that saw the row meanwhile has settled the write.
    if (!link || !answer || !open.has(delivery.write.id)) continue;
    const write = { ...delivery.write, answeredAt_ms };
    switch (answer.status) {
      case 'ok':
        writes.push({ ...write, state: 'answered' });
        links.push({
          ...link,
          // Another id than the row had is that of one into which it was merged: its reading says so.
          externalId: link.externalId ?? answer.externalId,
          writtenAt_ms: answeredAt_ms,
          attempts: 0,
          deliverAt_ms: seen.has(answer.externalId) ? link.deliverAt_ms : now_ms + readBackPause_ms,
        });
        audit.push({
          action: delivery.link.externalId === null ? 'write.create' : 'write.update',
          actor: 'rapport',
          subject: link.recordId,
          detail: { installation: installation.id, fields: Object.keys(write.values) },
        });
        break;
      case 'seen':
        writes.push({ ...write, state: 'answered' });
        links.push({
          ...link,
          externalId: answer.externalId,
          writtenAt_ms: answeredAt_ms,
          attempts: link.attempts + 1,
          deliverAt_ms: now_ms + backOff_ms(readBackPause_ms, longestReadBackPause_ms, link.attempts),
        });
        break;
      case 'unknown':
        writes.push({ ...write, state: 'uncertain' });
        links.push({
          ...link,
          attempts: link.attempts + 1,
          deliverAt_ms: now_ms + backOff_ms(readBackPause_ms, longestReadBackPause_ms, link.attempts),
        });
        break;
      case 'not_sent':
        writes.push({ ...write, state: 'rejected' });
        links.push({
          ...link,
          attempts: link.attempts + 1,
          deliverAt_ms: answer.retryAt_ms ?? now_ms + reconnectPause_ms,
        });
        break;
      case 'gone':
        writes.push({ ...write, state: 'rejected' });
        // Only a row that was there can be gone, which a reading must show; a create that finds no object or id field is tried again.
        if (link.externalId !== null) hints.push(lookAgain(`gone-${write.id}`, rowOf(about, link.externalId), now_ms));
        links.push({
          ...link,
          attempts: link.attempts + 1,
          deliverAt_ms: link.externalId === null ? now_ms + absentPause_ms : null,
        });
        break;
      case 'archived':
        writes.push({ ...write, state: 'confirmed' });
        links.push({ ...link, state: 'retired', deliverAt_ms: null });
        audit.push({
          action: 'write.archive',
          actor: 'rapport',
          subject: link.recordId,
          detail: { installation: installation.id },
        });
        break;
      case 'refused': {
        writes.push({ ...write, state: 'rejected' });
        const idRefused = answer.error.field === plan.idField;
        const refused = refusal(deps, installation, about, delivery, answer.error, now_ms);
        const { existingId } = answer.error;
        const named = link.externalId === null ? existingId : undefined;
        // The row that is there may be this record's: it is looked at, and linked where the match rules agree.
        if (named !== undefined) hints.push(lookAgain(`named-${write.id}`, rowOf(about, named), now_ms));
        const isDeletion = delivery.action === 'archive';
        const whole = idRefused ? idFingerprint : isDeletion ? deletionFingerprint : undefined;
        const kept = whole === undefined ? refused : { ...refused, value: whole };
        const entry = named === undefined ? kept : namedRow(refused, named, fingerprint(write.values));
        parked.push(entry);
        // The rest can go at once; what was refused whole is held back by its entry until a field changes.
        links.push({ ...link, attempts: link.attempts + 1, deliverAt_ms: now_ms });
        break;
      }
    }
  }
  await tx.saveWrites(writes);
  await tx.saveLinks(links);
  await tx.park(parked);
  await tx.audit(audit);
  if (hints.length > 0) {
    await tx.addInbox(installation.id, hints);
    await tx.markDue(installation.id, 'observe', now_ms);
  }
  const settled = new Set(writes.filter((write) => write.state !== 'uncertain').map((write) => write.linkId));
  const rows = links.filter((link) => settled.has(link.id)).flatMap((link) => link.externalId ?? []);
  const isWoken = await wakeHints(
    deps,
    tx,
    installation.id,
    about.object,
    rows.filter((row) => !seen.has(row)),
  );
  return isWoken || hints.length > 0;
}

function rowOf({ object }: { object: string }, externalId: string): { object: string; externalId: string } {
  return { object, externalId };
}

function refusal(
  deps: SyncDeps,
  installation: Installation,
  about: { kind: Kind; object: string },
  delivery: Delivery,
  error: Rejected,
  now_ms: number,
): Parked {
  const mapping = deps.mapper.mappings.kinds[about.kind].fields.find(
    (field) =>
      error.field !== undefined &&
      sideFieldName(field.sides[installation.vendor], about.object) === error.field &&
      delivery.write.values[field.name] !== undefined,
  );
  return {
    id: deps.ids.next(),
    installationId: installation.id,
    object: about.object,
    externalId: delivery.link.externalId,
    recordId: delivery.link.recordId,
    field: mapping?.name ?? null,
    cause: error.code === 'not_granted' ? 'not_granted' : 'refused',
    detail: error.message,
    remedy: error.remedy,
    value: mapping ? (delivery.write.values[mapping.name] ?? null) : fingerprint(delivery.write.values),
    waitsFor: null,
    at_ms: now_ms,
  };
}

/** A create that the vendor refused since a row with the same unique value is there. */
function namedRow(refused: Parked, existingId: string, value: string): Parked {
  const { object, recordId } = refused;
  return {
    ...refused,
    field: null,
    cause: 'ambiguous_match',
    detail: recordId ?? '',
    remedy: `${object} ${existingId} is there with the same unique value, and is not known to be the same. Merge the two, or change the value that both have.`,
    value,
    waitsFor: `${object}:${existingId}`,
  };
}
