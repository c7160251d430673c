import { sameValue, type Fields } from '../../protocol/fields.ts';
import type { Author, Cause, Change, FieldStamp, Link, Parked } from '../../protocol/nouns.ts';
import type { CanonicalRow } from './canonical-rows.ts';
import { deriveWrite } from './derive-write.ts';
import { evidenceFrom } from './evidence.ts';
import { emptyFields } from './new-record.ts';
import type { Applied, Observation } from './observation.ts';
import { endParked, hiddenFields, isRefusal, parkedEntries } from './parked-entries.ts';
import { deletionFingerprint, idFingerprint } from './fingerprint.ts';
import { isListed } from './hint.ts';
import { deleteWith, reviveRecord } from './record-deletes.ts';
import { reconcile, type Evidence } from './reconcile.ts';
import { defaultedFields, lacksOurId, objectFor, ourIdFact, rulesFor, sideOf } from './sides.ts';
import { foughtOver, turnsAfter } from './turns.ts';
import { withoutLost } from './without-lost.ts';
import { isBusy, recordOf, type WorkingSet } from './working-set.ts';

/**
 * Reconciles one linked row into the working set. A stale row, or one whose write is unanswered, is read again and never
 * reconciled.
 */
export function observeRow(set: WorkingSet, observation: Observation, row: CanonicalRow, link: Link): void {
  const { deps, installation, about, now_ms } = set;
  const stale =
    observation.row.stamp_ms < Math.max(link.stamp_ms ?? 0, listedStamp(observation, now_ms)) ||
    observation.readAt_ms < (link.writtenAt_ms ?? 0);
  if (isBusy(set, link) || stale) {
    set.applied.again.push(...observation.items.map((item) => item.id));
    set.applied.undecided.add(observation.row.externalId);
    return;
  }
  if (observation.row.archived) {
    // The re-read that found it gone is the proof: the link ends. What was written to it will never be read back.
    deleteWith(set, link, observation.row.author);
    const answered = (set.writes.get(link.id) ?? []).map((write) => ({ ...write, state: 'rejected' }) as const);
    set.settled.push(...answered);
    set.links.set(link.id, { ...link, state: 'retired', deliverAt_ms: null, stamp_ms: observation.row.stamp_ms });
    endParked(set, observation.row.externalId);
    finish(set, observation, 'applied');
    return;
  }
  const record = recordOf(set, link);
  const open = set.writes.get(link.id) ?? [];
  const answered = open.findLast((write) => write.state === 'answered');
  const evidence = evidenceFrom(deps.mapper, installation, about, observation.items);
  const sent =
    answered && observation.unsure ? takenOf(answered.values, row.fields, link, evidence) : (answered?.values ?? null);
  const references = deps.mapper.mappings.kinds[about.kind].fields.filter((field) => field.to !== null);
  const outcome = reconcile({
    side: installation.vendor,
    installationId: installation.id,
    rules: rulesFor(deps.mapper, about.kind, installation, 'in'),
    canonical: record.fields,
    stamps: record.stamps,
    base: link.base && withoutLost(link.base, references, row.fields, observation.lost ?? noneLost),
    sent,
    defaulted: link.base === null && answered ? defaultedFields(deps.mapper, installation, about) : noDefaults,
    observed: row.fields,
    observedAt_ms: observation.row.stamp_ms,
    previousAt_ms: link.stamp_ms,
    // What we wrote is base or sent. An edit in a row that we wrote last is somebody's, whose name our write hides.
    author: observation.row.author.kind === 'rapport' ? unknownAuthor : observation.row.author,
    evidence,
  });

  const first = link.base === null || record.fields === emptyFields;
  const lane: Cause['lane'] = first ? 'first' : observation.lane;
  const changes = outcome.changes.map((change): Change => {
    const id = deps.ids.next();
    return { ...change, id, recordId: record.id, side: installation.vendor, cause: { lane, id } };
  });
  set.changes.push(...changes);
  set.conflicts.push(
    ...outcome.conflicts.map((lost) => ({ ...lost, id: deps.ids.next(), recordId: record.id, at_ms: now_ms })),
  );
  if (changes.length > 0 || record.fields === emptyFields) set.touched.add(record.id);
  // Its row is there again: restored, or made anew by somebody.
  const isBack = set.restored.has(link.id) || (link.base === null && sent === null);
  if (changes.length > 0 || isBack) reviveRecord(set, link, isBack, observation.row.author);
  const values = Object.fromEntries(changes.map((change) => [change.field, change.after]));
  const stamps = Object.fromEntries(
    outcome.changes.map(({ field, at_ms, author, after }): [string, FieldStamp] => {
      const where = { side: installation.vendor, installationId: installation.id };
      const stamp = { at_ms, ...where, ...(outcome.filledIn.includes(field) && { filledIn: true as const }) };
      const turns = turnsAfter(record.stamps[field], { ...stamp, author, after });
      return [field, turns === 0 ? stamp : { ...stamp, turns }];
    }),
  );
  set.records.set(record.id, {
    ...recordOf(set, link),
    fields: { ...record.fields, ...values },
    stamps: { ...record.stamps, ...stamps },
  });
  const isTaken =
    outcome.refused.length === 0 && Object.keys(sent ?? {}).length === Object.keys(answered?.values ?? {}).length;
  const state = isTaken ? 'confirmed' : 'rejected';
  if (observation.unsure) set.retried.add(link.id);
  set.settled.push(...open.map((write) => ({ ...write, state }) as const));
  if (link.stamp_ms === null) set.newlyLive.push(link);
  set.links.set(link.id, {
    ...link,
    base: outcome.base,
    facts: { ...link.facts, ...row.facts, ...ourId(set, observation) },
    stamp_ms: observation.row.stamp_ms,
  });
  const side = sideOf(installation, about);
  const hidden = hiddenFields(deps.mapper, side, link.base, observation.asked ?? [], observation.row.fields);
  park(set, link, observation, { ...row, held: [...row.held, ...hidden] }, outcome.refused, sent ?? {});
  finish(set, observation, changes.length > 0 || outcome.conflicts.length > 0 ? 'applied' : 'no_change');
}

/** A listing names the row's own stamp: a reading that is older comes from a copy that lags. Not believed for ever. */
function listedStamp({ items }: Observation, now_ms: number): number {
  const listed = items.filter(({ event, receivedAt_ms }) => isListed(event) && now_ms - receivedAt_ms < believed_ms);
  return Math.max(0, ...listed.map(({ event }) => event.occurredAt_ms));
}

/**
 * Of a write of unknown outcome, what was taken: a field that still shows its old value was not, unless a person set it back.
 */
function takenOf(values: Fields, row: Fields, { base, stamp_ms }: Link, evidence: readonly Evidence[]): Fields {
  const isTaken = (name: string): boolean => {
    const seen = row[name];
    if (seen === undefined) return false;
    const isSetBack = evidence.some(
      (one) =>
        one.field === name &&
        one.author.kind === 'person' &&
        one.at_ms > (stamp_ms ?? Infinity) &&
        sameValue(one.value, seen),
    );
    return isSetBack || sameValue(seen, values[name] ?? null) || base === null || !sameValue(seen, base[name] ?? null);
  };
  return Object.fromEntries(Object.entries(values).filter(([name]) => isTaken(name)));
}

const believed_ms = 600_000;
const outgoingCauses: ReadonlySet<Parked['cause']> = new Set(['not_accepted', 'too_long', 'not_writable']);
const noneLost: ReadonlySet<string> = new Set();
const noDefaults: ReadonlySet<string> = new Set();
const unknownAuthor: Author = { kind: 'unknown', userId: null };

/** Counts the hints that asked for this row under what became of it. */
export function finish(
  set: WorkingSet,
  observation: Observation,
  outcome: Applied['finished'][number]['outcome'],
): void {
  set.applied.finished.push(...observation.items.map((item) => ({ id: item.id, outcome })));
}

function ourId(set: WorkingSet, { row }: Observation): Record<string, string | null> {
  const idField = objectFor(set.deps.mapper, set.about.kind, set.installation)?.idField;
  const value = idField === undefined ? undefined : row.fields[idField];
  return value === undefined ? {} : { [ourIdFact]: value === null || value === '' ? null : String(value) };
}

/** Parks what could not be read or was not taken, and lets go what can be read now. */
function park(
  set: WorkingSet,
  link: Link,
  observation: Observation,
  row: CanonicalRow,
  refused: readonly string[],
  sent: Fields,
): void {
  const { externalId } = observation.row;
  const where = { installationId: set.installation.id, object: set.about.object, externalId, recordId: link.recordId };
  set.parked.push(...parkedEntries(set.deps.ids, { ...where, at_ms: set.now_ms }, row.held, refused, sent));
  const stillHeld = new Set([...row.held.map((held) => held.field), ...refused]);
  const over = set.parkedBefore.filter(
    (entry) =>
      (entry.externalId ?? externalId) === externalId &&
      (entry.externalId !== null || entry.recordId === link.recordId) &&
      isOver(set, link, row, stillHeld, entry),
  );
  set.unparked.push(...over.map((entry) => entry.id));
}

/** What could not be read is readable now; what could not be written has another value, or is there. */
function isOver(
  set: WorkingSet,
  link: Link,
  row: CanonicalRow,
  stillHeld: ReadonlySet<string>,
  entry: Parked,
): boolean {
  const { field, cause, value } = entry;
  const record = recordOf(set, link);
  const { kind, fields } = record;
  if (field !== null && cause === 'fighting') return !foughtOver(record).includes(field);
  const current = set.links.get(link.id) ?? link;
  if (field === null) {
    if (!isRefusal(entry)) return true;
    if (value === idFingerprint) return !lacksOurId(current);
    if (value === deletionFingerprint) return record.deletedAt_ms === null;
    const rules = rulesFor(set.deps.mapper, kind, set.installation, 'out');
    return Object.keys(deriveWrite({ rules, canonical: fields, base: current.base, refused: new Map() })).length === 0;
  }
  const there = row.fields[field];
  if (there === undefined || stillHeld.has(field)) return false;
  const outgoing = value !== null || isRefusal(entry) || outgoingCauses.has(cause);
  const wanted = fields[field] ?? null;
  return !outgoing || !sameValue(wanted, value) || sameValue(wanted, there);
}
