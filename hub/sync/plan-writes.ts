import type { ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Fields, Value, VendorFields } from '../../protocol/fields.ts';
import type { Installation, Kind, Link, Parked, StoredRecord, Write } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { parkedEntries } from './parked-entries.ts';
import { lacksOurId, objectFor, rulesFor } from './sides.ts';

/** A crash between sending and storing the outcome leaves the Write as sent; after this long it is read back. */
const answerLease_ms = 15_000;
const parentPause_ms = 1_000;
const parentPauseMost_ms = 300_000;

/** One link's part of a batch: send these fields, or read back an earlier write of unknown outcome. */
export interface Delivery {
  link: Link;
  write: Write;
  action: 'send' | 'read-back';
  fields: VendorFields;
  /** See `RowWrite.before`. */
  before: VendorFields;
}

type Resolve = (to: Kind, recordId: string) => string | undefined;

export interface PlannedWrites {
  kind: Kind;
  object: string;
  idField: string;
  deliveries: Delivery[];
  /** An association is among what is written: the read-back asks for associations too. */
  edges: boolean;
}

/** Derives what to write to one object of the installation, parents first, and stores the Writes as sent. */
export async function planWrites(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  descriptions: ReadonlyMap<string, ObjectDescription>,
  limit: number,
): Promise<PlannedWrites> {
  const targets = kindOrder.flatMap((kind) => {
    const target = objectFor(deps.mapper, kind, installation);
    return target && descriptions.has(target.object) ? [{ kind, ...target }] : [];
  });
  const now_ms = deps.clock.now_ms();
  const due = await tx.linksToDeliver(
    installation.id,
    targets.map((target) => target.object),
    now_ms,
    limit,
  );
  const target = targets.find((one) => one.object === due[0]?.object);
  if (!target) return { kind: 'company', object: '', idField: '', deliveries: [], edges: false };
  const records = new Map(
    (await tx.lockRecords([...new Set(due.map((link) => link.recordId))])).map((record) => [record.id, record]),
  );
  const dueIds = new Set(due.map((link) => link.id));
  const links = (await tx.linksOfRecords([...records.keys()])).filter((link) => dueIds.has(link.id));
  const open = new Map((await tx.openWrites(links.map((link) => link.id))).map((write) => [write.linkId, write]));
  const parked = Map.groupBy(await tx.parkedOf([...records.keys()]), (entry) => String(entry.recordId));
  const resolve = await resolver(deps, tx, installation, target.kind, [
    ...[...records.values()].map((record) => record.fields),
    ...links.map((link) => link.base ?? {}),
  ]);
  const plan: PlannedWrites = { ...target, deliveries: [], edges: false };
  const saved: Link[] = [];
  const newlyParked: Parked[] = [];

  for (const link of links) {
    const record = records.get(link.recordId) as StoredRecord;
    const unsettled = open.get(link.id);
    if (unsettled) {
      plan.deliveries.push({ link, write: unsettled, action: 'read-back', fields: {}, before: {} });
      saved.push({ ...link, deliverAt_ms: now_ms + answerLease_ms });
      continue;
    }
    const mine = (parked.get(record.id) ?? []).filter((entry) => entry.installationId === installation.id);
    const derived = deriveWrite({
      rules: rulesFor(deps.mapper, target.kind, installation, 'out'),
      canonical: record.fields,
      base: link.base,
      refused: refusedValues(mine),
    });
    const side = { kind: target.kind, vendor: installation.vendor, object: target.object };
    const description = descriptions.get(target.object) as ObjectDescription;
    const mapped = deps.mapper.toVendor(side, derived, resolve, description);
    const waitsForParent = mapped.held.some((held) => held.cause === 'missing_parent');
    const held = mapped.held.filter((one) => one.cause !== 'missing_parent');
    newlyParked.push(
      ...parkedEntries(
        deps.ids,
        {
          installationId: installation.id,
          object: target.object,
          externalId: link.externalId,
          recordId: record.id,
          at_ms: now_ms,
        },
        held,
        [],
        {},
      ),
    );
    const whole = mine.some(
      (entry) => entry.field === null && entry.cause === 'refused' && entry.value === fingerprint(mapped.sent),
    );
    const idIsRefused = mine.some((entry) => entry.field === null && entry.value === fingerprint({}));
    const addsId = lacksOurId(link) && !idIsRefused && description.fields[target.idField]?.writable === true;
    const waits = waitsForParent && (link.externalId === null || (Object.keys(mapped.sent).length === 0 && !addsId));
    if (waits) {
      saved.push({
        ...link,
        attempts: link.attempts + 1,
        deliverAt_ms: now_ms + Math.min(parentPauseMost_ms, parentPause_ms * 2 ** Math.min(link.attempts, 12)),
      });
    } else if ((Object.keys(mapped.sent).length === 0 && !addsId) || whole) {
      saved.push({ ...link, deliverAt_ms: null, agreedAt_ms: whole || held.length > 0 ? link.agreedAt_ms : now_ms });
    } else {
      const write: Write = {
        id: deps.ids.next(),
        linkId: link.id,
        values: mapped.sent,
        state: 'sent',
        sentAt_ms: now_ms,
        answeredAt_ms: null,
        cause: { lane: 'event', id: record.id },
      };
      const create = link.externalId === null;
      const fields = create
        ? { ...mapped.fields, ...deps.mapper.onCreate(side, mapped.fields, now_ms), [target.idField]: record.id }
        : { ...mapped.fields, ...(addsId ? { [target.idField]: record.id } : {}) };
      const known = knownSets(deps, target.kind, link, mapped.sent, resolve);
      const before = deps.mapper.toVendor(side, known, resolve, description).fields;
      plan.deliveries.push({ link, write, action: 'send', fields, before });
      plan.edges ||= create || hasReferences(deps, target.kind, mapped.sent);
      saved.push({ ...link, deliverAt_ms: now_ms + answerLease_ms });
    }
  }
  await tx.saveWrites(plan.deliveries.filter((one) => one.action === 'send').map((one) => one.write));
  await tx.saveLinks(saved);
  await tx.park(newlyParked);
  return plan;
}

/** Stable text of a write's values, so that a refused write is not sent again until a field changes. */
export function fingerprint(values: Fields): string {
  return JSON.stringify(Object.entries(values).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function refusedValues(parked: readonly Parked[]): Map<string, Value> {
  const waiting = parked.filter(
    (entry) => entry.field !== null && ['not_accepted', 'refused', 'too_long', 'unknown_option'].includes(entry.cause),
  );
  return new Map(waiting.map((entry) => [String(entry.field), entry.value]));
}

function hasReferences(deps: SyncDeps, kind: Kind, values: Fields): boolean {
  return deps.mapper.mappings.kinds[kind].fields.some((field) => field.to !== null && values[field.name] !== undefined);
}

/** The sets among what is sent as the link's base knows them, without the elements that are not there any more. */
function knownSets(deps: SyncDeps, kind: Kind, { base }: Link, sent: Fields, resolve: Resolve): Fields {
  const sets = deps.mapper.mappings.kinds[kind].fields.filter(
    ({ type, name }) => type === 'references' && name in sent,
  );
  return Object.fromEntries(
    sets.map(({ name, to }) => {
      const ids = (base?.[name] ?? []) as readonly string[];
      return [name, ids.filter((id) => resolve(to as Kind, id) !== undefined)];
    }),
  );
}

/** The external ids, at this installation, of the records that these values refer to. */
async function resolver(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  values: readonly Fields[],
): Promise<Resolve> {
  const references = deps.mapper.mappings.kinds[kind].fields.filter((field) => field.to !== null);
  const ids = values.flatMap((fields) => references.flatMap((field) => [fields[field.name] ?? []].flat().map(String)));
  const links = await tx.linksOfRecords([...new Set(ids)]);
  const here = new Map(
    links
      .filter((link) => link.installationId === installation.id && link.state === 'live')
      .map((link) => [link.recordId, link.externalId]),
  );
  return (_to, recordId) => here.get(recordId) ?? undefined;
}
