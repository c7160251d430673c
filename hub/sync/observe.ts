import type { Installation, Link } from '../../protocol/nouns.ts';
import { sameValue } from '../../protocol/fields.ts';
import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { InboxItem, TenantTx } from '../../protocol/ports/store.ts';
import { applyApart } from './apply-apart.ts';
import type { SyncDeps } from './deps.ts';
import { isListed } from './hint.ts';
import { goneRow, type Observation, type Rows } from './observation.ts';
import { nextLook, postponeItems } from './postpone.ts';
import { isProvenGone, unaware_ms } from './proven-gone.ts';
import { readApart } from './read-apart.ts';
import { readRelated } from './read-related.ts';
import { parkUnreadable, setAside } from './set-aside.ts';
import { setUpState } from './set-up.ts';
import { sideOf } from './sides.ts';

const itemsPerBatch = 300;
const rowsPerTransaction = 100;
const second_ms = 1_000;
/** Our clock and the vendor's may be so far apart, and an edit still be recent. */
const recent_ms = 600_000;

/**
 * One batch of an installation's waiting hints: drop what tells nothing new, re-read the rest, reconcile it.
 * Answers when to look again: now (0) if more waits, or undefined.
 */
export async function observeBatch(
  deps: SyncDeps,
  { tenantId, installationId }: WorkAddress,
): Promise<number | undefined> {
  const taken = await deps.store.tenant(tenantId, async (tx) => {
    const installation = (await tx.installations()).find((one) => one.id === installationId);
    const items = await tx.takeInbox(installationId, deps.clock.now_ms(), itemsPerBatch);
    if (!installation || items.length === 0) return undefined;
    if (installation.brokenReason !== null && (await setUpState(tx, installationId)) === 'refused') {
      // All of its rows are listed when it can be mirrored one day.
      await tx.finishInbox(items.map((item) => ({ id: item.id, outcome: 'parked' })));
      return undefined;
    }
    const byObject = Map.groupBy(items, (item) => item.event.object);
    const links: Link[] = [];
    for (const [object, group] of byObject)
      links.push(
        ...(await tx.linksByExternalId(installationId, object, [
          ...new Set(group.map((item) => item.event.externalId)),
        ])),
      );
    const known = new Map(links.map((link) => [`${link.object}:${link.externalId}`, link]));
    const erased = items.filter((item) => item.event.change === 'erased');
    for (const { event } of erased) {
      const link = known.get(`${event.object}:${event.externalId}`);
      if (link) await tx.eraseContact(link.recordId);
      else await tx.eraseRow(installationId, event.object, event.externalId);
      const detail = { vendor: installation.vendor };
      await tx.audit([{ action: 'contact.erase', actor: 'person', subject: link?.recordId ?? installationId, detail }]);
    }
    const told = items.filter(
      (item) =>
        item.event.change === 'erased' ||
        tellsNothing(deps, installation, known.get(`${item.event.object}:${item.event.externalId}`), item),
    );
    await tx.finishInbox(told.map((item) => ({ id: item.id, outcome: 'no_change' })));
    const busy = await busyLinks(tx, links);
    const unanswered = items.filter(
      (item) => !told.includes(item) && busy.has(known.get(`${item.event.object}:${item.event.externalId}`)?.id ?? ''),
    );
    const early = items.filter((item) => !told.includes(item) && isOpenSecond(item, deps.clock.now_ms()));
    await postponeItems(deps, tx, [...unanswered, ...early]);
    const done = new Set([...told, ...unanswered, ...early].map((item) => item.id));
    return {
      installation,
      items: items.filter((item) => !done.has(item.id)),
      full: items.length === itemsPerBatch,
      known,
    };
  });
  if (taken && taken.items.length > 0) {
    const api = await deps.crm.api(tenantId, installationId);
    for (const [object, items] of Map.groupBy(taken.items, (item) => item.event.object)) {
      const kind = deps.mapper.kindOf(taken.installation.vendor, object)?.kind;
      if (kind === undefined) continue;
      const rows = { ...taken, about: { kind, object } };
      await observeObject(deps, rows, api, items).catch((error: unknown) => setAside(deps, rows, items, error));
    }
  }
  // What an earlier batch postponed waits still: that batch's mark was used up by the ring for this one.
  return taken?.full ? deps.clock.now_ms() : nextLook(deps, { tenantId, installationId });
}

/** Links with a write whose outcome is not known: a row read now would tell nothing, so it is not read. */
async function busyLinks(tx: TenantTx, links: readonly Link[]): Promise<Set<string>> {
  const open = await tx.openWrites(links.map((link) => link.id));
  return new Set(open.filter((write) => write.state !== 'answered').map((write) => write.linkId));
}

/** True when the hint shows only what is known: an object we do not map, our own echo, or a stamp already applied. */
function tellsNothing(deps: SyncDeps, installation: Installation, link: Link | undefined, item: InboxItem): boolean {
  const { event } = item;
  const mapping = deps.mapper.kindOf(installation.vendor, event.object);
  if (!mapping || (mapping.ours && !link)) return true;
  if (isListed(event)) {
    const known_ms = link?.base == null ? null : link.stamp_ms;
    return (
      known_ms !== null && (known_ms > event.occurredAt_ms || (known_ms === event.occurredAt_ms && !isCoarse(item)))
    );
  }
  if (!event.own || event.change !== 'updated' || !link?.base || Object.keys(event.values).length === 0) return false;
  const { fields, held } = deps.mapper.toCanonical(
    sideOf(installation, { kind: mapping.kind, object: event.object }),
    event.values,
    () => undefined,
  );
  const { base } = link;
  return held.length === 0 && Object.entries(fields).every(([name, value]) => sameValue(value, base[name] ?? null));
}

/**
 * A stamp in whole seconds (Salesforce has no finer ones) of a recent edit: another one of that second may hide behind it.
 * The poll names each stamp of a row once, so that this costs one more reading.
 */
function isCoarse({ event, receivedAt_ms }: InboxItem): boolean {
  return (
    event.lane === 'poll' && event.occurredAt_ms % second_ms === 0 && receivedAt_ms - event.occurredAt_ms < recent_ms
  );
}

/** A reading shows all that was done in a second only when that second is over. */
function isOpenSecond(item: InboxItem, now_ms: number): boolean {
  return isCoarse(item) && now_ms - item.receivedAt_ms < second_ms;
}

/** Reads and reconciles the rows of one object. */
async function observeObject(deps: SyncDeps, of: Rows, api: CrmApi, items: readonly InboxItem[]): Promise<void> {
  const { installation, about, known } = of;
  const byId = Map.groupBy(items, (item) => item.event.externalId);
  const linkOf = (id: string): Link | undefined => known.get(`${about.object}:${id}`);
  const wantsEdges = (id: string): boolean =>
    !linkOf(id)?.base ||
    (byId.get(id) ?? []).some((item) => item.event.change !== 'updated' || item.event.lane !== 'event');
  for (const edges of [false, true]) {
    const ids = [...byId.keys()].filter((id) => wantsEdges(id) === edges);
    for (let start = 0; start < ids.length; start += rowsPerTransaction) {
      const some = ids.slice(start, start + rowsPerTransaction);
      const readAt_ms = deps.clock.now_ms();
      const asked = deps.mapper.fieldsToRead(about.kind, installation.vendor, about.object, edges);
      const page = { object: about.object, externalIds: some, fields: asked, purpose: purposeOf(items) };
      const { rows, missing, unreadable } = await readApart(api, { ...page, turn: readAt_ms });
      for (const { externalId, error } of unreadable)
        await parkUnreadable(deps, of, { externalId, items: byId.get(externalId) ?? [] }, error);
      const erased = await erasedOf(deps, of, missing);
      const [proven, unproven] = partition(
        missing,
        (id) => erased.has(id) || isProvenGone(byId.get(id) ?? [], readAt_ms),
      );
      const gone = proven.map((externalId) => goneRow(externalId, linkOf(externalId)));
      await lookLater(
        deps,
        installation,
        unproven.flatMap((id) => byId.get(id) ?? []),
      );
      const related = await readRelated(deps, of, api, rows, { ...page, hintsOf: (id) => byId.get(id) ?? [] });
      const observations = [...rows, ...gone, ...related].map((row): Observation => ({
        row,
        readAt_ms,
        asked,
        items: byId.get(row.externalId) ?? [],
        lane: laneOf(byId.get(row.externalId) ?? []),
      }));
      await applyApart(deps, of, observations);
    }
  }
}

/** Rows of people who were erased: what comes late of them is not kept, not for a minute either. */
async function erasedOf(
  deps: SyncDeps,
  { installation, about }: Rows,
  externalIds: readonly string[],
): Promise<ReadonlySet<string>> {
  const erased = new Set<string>();
  if (about.kind !== 'contact' || externalIds.length === 0) return erased;
  await deps.store.tenant(installation.tenantId, async (tx) => {
    for (const id of externalIds) if (await tx.isErased(installation.vendor, id)) erased.add(id);
  });
  return erased;
}

async function lookLater(deps: SyncDeps, { tenantId }: Installation, items: readonly InboxItem[]): Promise<void> {
  if (items.length > 0) await deps.store.tenant(tenantId, (tx) => postponeItems(deps, tx, items, unaware_ms));
}

function partition<T>(all: readonly T[], fits: (one: T) => boolean): [T[], T[]] {
  return [all.filter((one) => fits(one)), all.filter((one) => !fits(one))];
}

/** Reads back what a person may be waiting for before what nobody is. */
function purposeOf(items: readonly InboxItem[]): Purpose {
  return { lane: items.some((item) => item.event.lane === 'event') ? 'interactive' : 'background', what: 'observe' };
}

function laneOf(items: readonly InboxItem[]): Observation['lane'] {
  if (items.some((item) => item.event.lane === 'event')) return 'event';
  if (items.some((item) => item.event.lane === 'poll')) return 'poll';
  return items.some((item) => item.event.lane === 'backfill') ? 'first' : 'sweep';
}
