import { backOff_ms } from '../../protocol/back-off.ts';
import type { ObjectDescription } from '../../protocol/crm-connector.ts';
import { sameValue, type Fields, type Value, type VendorFields } from '../../protocol/fields.ts';
import type { FieldMapping } from '../../protocol/mapping.ts';
import type { Installation, Kind, Link, Parked, StoredRecord, Write } from '../../protocol/nouns.ts';
import type { Held } from '../../protocol/ports/mapper.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { deletionFingerprint, fingerprint } from './fingerprint.ts';
import { isRefusal, parkedEntries } from './parked-entries.ts';
import { lacksOurId, rulesFor, sideOf } from './sides.ts';
import { foughtOver } from './turns.ts';
import type { WriteJob } from './write-job.ts';

/** A crash between sending and storing the outcome leaves the Write as sent; after this long it is read back. */
const answerLease_ms = 15_000;
/** A write that goes by a job is first looked at again after this; while the job is under way it is left to the job. */
const jobLease_ms = 120_000;
/** What a row refers to may be among the rows of the job under way. */
const jobPause_ms = 15_000;
const parentPause_ms = 1_000;
const parentPauseMost_ms = 300_000;
/** After so many looks a row is created without the records it refers to that are still missing. */
const parentLooks = 3;

/** One link's part of a batch: send these fields, delete the row, or read back an earlier write of unknown outcome. */
export interface Delivery {
  link: Link;
  write: Write;
  action: 'send' | 'archive' | 'read-back';
  fields: VendorFields;
  /** Of the sets among `fields`: the elements that were last known there. */
  before: VendorFields;
}

export interface PlannedLink {
  /** The link as it is stored with the plan. */
  saved: Link;
  delivery: Delivery | undefined;
  parked: Parked[];
  /** An association is among what is written: the read-back asks for associations too. */
  edges: boolean;
}

export interface LinkToPlan {
  link: Link;
  record: StoredRecord;
  /** An earlier write whose outcome is not settled. */
  unsettled: Write | undefined;
  /** The record's open entries at this installation. */
  parked: readonly Parked[];
}

export interface PlanContext {
  deps: SyncDeps;
  installation: Installation;
  target: { kind: Kind; object: string; idField: string };
  description: ObjectDescription;
  /** Our record's external id at this installation. */
  resolve: (to: Kind, recordId: string) => string | undefined;
  now_ms: number;
  /** The write job of the account that is under way. */
  job: WriteJob | undefined;
  /** The batch goes to a job. */
  isForJob: boolean;
}

/** What to do for one due link, derived at sending time. */
export function planLink(context: PlanContext, { link, record, unsettled, parked }: LinkToPlan): PlannedLink {
  const { deps, installation, target, description, now_ms } = context;
  const leased = { ...link, deliverAt_ms: now_ms + (context.isForJob ? jobLease_ms : answerLease_ms) };
  if (unsettled && unsettled.sentAt_ms === context.job?.sentAt_ms) {
    // The job tells what became of it.
    const saved = { ...link, deliverAt_ms: now_ms + jobWait_ms(jobLease_ms, context) };
    return { saved, delivery: undefined, parked: [], edges: false };
  }
  if (unsettled) {
    // Until a row is first seen, all of it is asked for: what of it was not taken is known by then.
    const edges = link.base === null || hasReferences(context, unsettled.values);
    const delivery: Delivery = { link, write: unsettled, action: 'read-back', fields: {}, before: {} };
    return { saved: leased, delivery, parked: [], edges };
  }
  if (record.deletedAt_ms !== null) return planArchive(context, link, parked);
  const fought = foughtOver(record).map((field) => fightOf(field, record.fields[field] ?? null));
  const closed = closedFields(context, link, record);
  const derived = deriveWrite({
    rules: rulesFor(deps.mapper, target.kind, installation, 'out'),
    canonical: record.fields,
    base: link.base,
    refused: new Map([
      ...refusedValues(parked),
      ...[...fought, ...closed].map((one) => [one.field, one.value] as const),
    ]),
  });
  const side = sideOf(installation, target);
  const mapped = withoutKnown(context, link, deps.mapper.toVendor(side, derived, context.resolve, description));
  const missing = mapped.held.filter((one) => one.cause === 'missing_parent');
  const held = mapped.held.filter((one) => one.cause !== 'missing_parent' || link.attempts >= parentLooks);
  const where = { installationId: installation.id, object: target.object, externalId: link.externalId };
  const kept = [...fought, ...closed].filter((one) => !sameValue(one.value, link.base?.[one.field] ?? null));
  const entries = parkedEntries(deps.ids, { ...where, recordId: record.id, at_ms: now_ms }, [...held, ...kept], [], {});

  const empty = Object.keys(mapped.sent).length === 0;
  const isGone = parked.some((entry) => entry.cause === 'mass_delete' && entry.externalId === link.externalId);
  const whole = isGone || refusedWhole(parked, mapped.sent);
  const addsId = lacksOurId(link) && !refusedWhole(parked, {}) && description.fields[target.idField]?.writable === true;
  const create = link.externalId === null;
  if (create && missing.length > 0 && context.job) {
    const saved = { ...link, deliverAt_ms: now_ms + jobWait_ms(jobPause_ms, context) };
    return { saved, delivery: undefined, parked: entries, edges: false };
  }
  const waits = create ? mustWait(context, link, missing) : empty && !addsId && missing.length > 0;
  if (waits) {
    const pause_ms = backOff_ms(parentPause_ms, parentPauseMost_ms, link.attempts);
    const saved = { ...link, attempts: link.attempts + 1, deliverAt_ms: now_ms + pause_ms };
    return { saved, delivery: undefined, parked: entries, edges: false };
  }
  if (whole || (empty && !addsId)) {
    const agreedAt_ms = whole || held.length > 0 || kept.length > 0 ? link.agreedAt_ms : now_ms;
    return { saved: { ...link, deliverAt_ms: null, agreedAt_ms }, delivery: undefined, parked: entries, edges: false };
  }
  const write: Write = {
    id: deps.ids.next(),
    linkId: link.id,
    values: mapped.sent,
    state: 'sent',
    sentAt_ms: now_ms,
    answeredAt_ms: null,
    cause: { lane: 'event', id: record.id },
  };
  const defaults = create ? deps.mapper.onCreate(side, mapped.fields, now_ms) : {};
  const id = create || addsId ? { [target.idField]: record.id } : {};
  const fields = { ...mapped.fields, ...defaults, ...id };
  const before = deps.mapper.toVendor(
    side,
    setsOf(context, link.base ?? {}, mapped.sent),
    context.resolve,
    description,
  );
  const delivery: Delivery = { link, write, action: 'send', fields, before: before.fields };
  return { saved: leased, delivery, parked: entries, edges: create || hasReferences(context, mapped.sent) };
}

/** As long again as the job has taken so far: its rows seldom come before those that people wait for. */
function jobWait_ms(least_ms: number, { job, now_ms }: PlanContext): number {
  return Math.max(least_ms, job ? now_ms - job.sentAt_ms : 0);
}

function planArchive({ deps, target, now_ms }: PlanContext, link: Link, parked: readonly Parked[]): PlannedLink {
  const nothing = { saved: { ...link, deliverAt_ms: null }, delivery: undefined, parked: [], edges: false };
  const isRefused = parked.some((entry) => entry.field === null && entry.value === deletionFingerprint);
  const isLet = deps.mapper.mappings.kinds[target.kind].onDelete === 'archive';
  if (link.externalId === null || !isLet || isRefused) return nothing;
  const id = deps.ids.next();
  const cause = { lane: 'event', id: link.recordId } as const;
  const write: Write = {
    id,
    linkId: link.id,
    values: {},
    state: 'sent',
    sentAt_ms: now_ms,
    answeredAt_ms: null,
    cause,
  };
  const delivery: Delivery = { link, write, action: 'archive', fields: {}, before: {} };
  return { ...nothing, saved: { ...link, deliverAt_ms: now_ms + answerLease_ms }, delivery };
}

function fightOf(field: string, value: Value): Held {
  return {
    field,
    cause: 'fighting',
    detail: 'Each CRM set this field again, three times in a row, after the other one’s value came.',
    remedy: 'Let only one CRM’s automation set this field; then set it once by hand.',
    value,
    waitsFor: null,
  };
}

/** Fields that this side once showed and that nothing can be written to now. A group of which one is closed waits whole. */
function closedFields(
  { deps, installation, target, description }: PlanContext,
  { base }: Link,
  record: StoredRecord,
): Held[] {
  return deps.mapper.mappings.kinds[target.kind].fields.flatMap((field): Held[] => {
    const name = vendorName(field, installation, target.object);
    const value = record.fields[field.name];
    const isOut = field.sides[installation.vendor]?.direction !== 'in' && field.to === null;
    if (name === undefined || !isOut || value === undefined || base?.[field.name] === undefined) return [];
    const described = description.fields[name];
    if (described?.writable) return [];
    return [
      {
        field: field.name,
        cause: 'not_writable',
        detail: described ? `${name} is read-only.` : `${name} is not there, or not shown.`,
        remedy: 'Let the user or app that Rapport acts as read and edit this field.',
        value,
        waitsFor: null,
      },
    ];
  });
}

type Mapped = ReturnType<SyncDeps['mapper']['toVendor']>;

/** Sets of which only the elements that are missing there differ from what is known there are nothing to write. */
function withoutKnown({ deps, target, installation }: PlanContext, link: Link, mapped: Mapped): Mapped {
  const held = new Set(mapped.held.map((one) => one.field));
  const known = Object.entries(mapped.sent).flatMap(([name, value]) =>
    held.has(name) && sameValue(value, link.base?.[name] ?? []) ? [name] : [],
  );
  if (known.length === 0) return mapped;
  const without = <T extends Fields | VendorFields>(fields: T, names: readonly string[]): T =>
    Object.fromEntries(Object.entries(fields).filter(([name]) => !names.includes(name))) as T;
  const mappings = deps.mapper.mappings.kinds[target.kind].fields.filter((field) => known.includes(field.name));
  const vendorNames = mappings.flatMap((field) => vendorName(field, installation, target.object) ?? []);
  return { ...mapped, sent: without(mapped.sent, known), fields: without(mapped.fields, vendorNames) };
}

function vendorName(field: FieldMapping, { vendor }: Installation, object: string): string | undefined {
  const side = field.sides[vendor];
  return typeof side?.field === 'object' ? side.field[object] : side?.field;
}

/** A new row waits for what it is matched by as long as it takes, for other records it refers to only a few looks. */
function mustWait({ deps, target }: PlanContext, link: Link, missing: Mapped['held']): boolean {
  const matchedBy = new Set(
    deps.mapper.mappings.kinds[target.kind].match.flatMap((rule) =>
      rule.by === 'field' ? [rule.field] : [rule.reference, rule.name],
    ),
  );
  return missing.some((held) => matchedBy.has(held.field) || link.attempts < parentLooks);
}

/** The base's values of the sets that are written. */
function setsOf({ deps, target }: PlanContext, base: Fields, sent: Fields): Fields {
  const sets = deps.mapper.mappings.kinds[target.kind].fields.filter((field) => field.type === 'references');
  return Object.fromEntries(
    sets.flatMap(({ name }) => (sent[name] !== undefined && base[name] !== undefined ? [[name, base[name]]] : [])),
  );
}

function hasReferences({ deps, target }: PlanContext, values: Fields): boolean {
  const { fields } = deps.mapper.mappings.kinds[target.kind];
  return fields.some((field) => field.to !== null && values[field.name] !== undefined);
}

/** The CRM refused this very set of values without naming a field, or a row has them that may be this record's. */
function refusedWhole(parked: readonly Parked[], values: Fields): boolean {
  const text = fingerprint(values);
  const holds = (entry: Parked): boolean => isRefusal(entry) || entry.cause === 'ambiguous_match';
  return parked.some((entry) => entry.field === null && holds(entry) && entry.value === text);
}

function refusedValues(parked: readonly Parked[]): Map<string, Value> {
  const causes = new Set<Parked['cause']>(['not_accepted', 'refused', 'not_granted', 'too_long', 'unknown_option']);
  return new Map(
    parked.flatMap(({ field, cause, value }) => (field !== null && causes.has(cause) ? [[field, value]] : [])),
  );
}
