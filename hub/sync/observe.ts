import type { Installation, Kind, Link } from '../../protocol/nouns.ts';
import { sameValue, type VendorFields } from '../../protocol/fields.ts';
import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { InboxItem } from '../../protocol/ports/store.ts';
import type { VendorEvent, VendorRow } from '../../protocol/vendor-event.ts';
import { applyObservations } from './apply-observations.ts';
import type { SyncDeps } from './deps.ts';
import type { Observation } from './observation.ts';

const itemsPerBatch = 300;
const rowsPerTransaction = 100;
const readAgain_ms = 200;
const longestPostponed_ms = 60_000;

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
      if (!link) continue;
      await tx.eraseContact(link.recordId);
      const detail = { vendor: installation.vendor };
      await tx.audit([{ action: 'contact.erase', actor: 'person', subject: link.recordId, detail }]);
    }
    const told = items.filter(
      (item) =>
        item.event.change === 'erased' ||
        tellsNothing(deps, installation, known.get(`${item.event.object}:${item.event.externalId}`), item.event),
    );
    await tx.finishInbox(told.map((item) => ({ id: item.id, outcome: 'no_change' })));
    const done = new Set(told.map((item) => item.id));
    return {
      installation,
      items: items.filter((item) => !done.has(item.id)),
      full: items.length === itemsPerBatch,
      known,
    };
  });
  let waits = false;
  if (taken && taken.items.length > 0) {
    const api = await deps.crm.api(tenantId, installationId);
    for (const [object, items] of Map.groupBy(taken.items, (item) => item.event.object)) {
      const kind = deps.mapper.kindOf(taken.installation.vendor, object)?.kind;
      if (kind !== undefined)
        waits = (await observeObject(deps, taken.installation, api, { kind, object }, items, taken.known)) || waits;
    }
  }
  if (taken?.full) return deps.clock.now_ms();
  waits ||= await isWaiting(deps, tenantId, installationId);
  return waits ? deps.clock.now_ms() + readAgain_ms : undefined;
}

/** An item postponed by an earlier batch waits still: that batch's mark was used up by the ring for this one. */
function isWaiting(deps: SyncDeps, tenantId: string, installationId: string): Promise<boolean> {
  const horizon_ms = deps.clock.now_ms() + longestPostponed_ms;
  return deps.store.tenant(tenantId, async (tx) => (await tx.takeInbox(installationId, horizon_ms, 1)).length > 0);
}

/** True when the hint shows only what is known: an object we do not map, our own echo, or a stamp already applied. */
function tellsNothing(deps: SyncDeps, installation: Installation, link: Link | undefined, event: VendorEvent): boolean {
  const mapping = deps.mapper.kindOf(installation.vendor, event.object);
  if (!mapping || (mapping.ours && !link)) return true;
  if (event.lane === 'poll' || event.lane === 'backfill')
    return link?.stamp_ms != null && link.base !== null && link.stamp_ms >= event.occurredAt_ms;
  if (!event.own || event.change !== 'updated' || !link?.base || Object.keys(event.values).length === 0) return false;
  const { fields, held } = deps.mapper.toCanonical(
    { kind: mapping.kind, vendor: installation.vendor, object: event.object },
    event.values,
    () => undefined,
  );
  const { base } = link;
  return held.length === 0 && Object.entries(fields).every(([name, value]) => sameValue(value, base[name] ?? null));
}

/** Reads and reconciles the rows of one object. True when some must be read again. */
async function observeObject(
  deps: SyncDeps,
  installation: Installation,
  api: CrmApi,
  about: { kind: Kind; object: string },
  items: readonly InboxItem[],
  known: ReadonlyMap<string, Link>,
): Promise<boolean> {
  const byId = Map.groupBy(items, (item) => item.event.externalId);
  const wantsEdges = (id: string): boolean =>
    !known.get(`${about.object}:${id}`)?.base ||
    (byId.get(id) ?? []).some((item) => item.event.change !== 'updated' || item.event.lane !== 'event');
  let waits = false;
  for (const edges of [false, true]) {
    const ids = [...byId.keys()].filter((id) => wantsEdges(id) === edges);
    for (let start = 0; start < ids.length; start += rowsPerTransaction) {
      const some = ids.slice(start, start + rowsPerTransaction);
      const readAt_ms = deps.clock.now_ms();
      const fields = deps.mapper.fieldsToRead(about.kind, installation.vendor, about.object, edges);
      const { rows, missing } = await api.read(about.object, some, fields, purposeOf(items));
      const gone = missing.map((externalId) => goneRow(externalId, readAt_ms));
      const observations = [...rows, ...gone].map((row): Observation => ({
        row,
        readAt_ms,
        items: byId.get(row.externalId) ?? [],
        lane: laneOf(byId.get(row.externalId) ?? []),
      }));
      waits = (await applyAndRing(deps, installation, about, observations)) || waits;
    }
  }
  return waits;
}

async function applyAndRing(
  deps: SyncDeps,
  installation: Installation,
  about: { kind: Kind; object: string },
  observations: readonly Observation[],
): Promise<boolean> {
  const { tenantId } = installation;
  const applied = await deps.store.tenant(tenantId, async (tx) => {
    const result = await applyObservations(deps, tx, installation, about, observations);
    await tx.postponeInbox(result.again, deps.clock.now_ms() + readAgain_ms);
    return result;
  });
  await deps.bell.ring([
    ...[...applied.deliverTo].map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })),
    ...(applied.startedRuns ? [{ tenantId, installationId: '', lane: 'runs' as const }] : []),
  ]);
  return applied.again.length > 0 || applied.observeAgain;
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

/** The re-read that did not find it is the proof that it is gone. */
function goneRow(externalId: string, readAt_ms: number): VendorRow {
  const fields: VendorFields = {};
  return { externalId, fields, stamp_ms: readAt_ms, archived: true, author: { kind: 'unknown', userId: null } };
}
