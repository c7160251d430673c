import type { ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Change, Installation, Link, Parked, Person, Vendor } from '../../protocol/nouns.ts';
import type { Value } from '../../protocol/fields.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { Store, TenantTx } from '../../protocol/ports/store.ts';
import { onlyObserves } from '../../protocol/only-observes.ts';
import { unfinishedStates } from '../../protocol/run.ts';
import { isoOrNull, viewRun, type DealView, type OtherSide, type ViewChange } from './deal-view.ts';
import { personName } from './person-name.ts';
import { recordNames } from './record-names.ts';

export interface ViewDeps {
  store: Store;
  crm: CrmAccess;
  mapper: Mapper;
  clock: Clock;
}

/** The answer of a card's or component's request. */
export type ViewAnswer =
  | { status: 'ok'; view: DealView }
  | { status: 'not_connected' | 'not_synced' | 'no_permission' };

const changesShown = 10;
const changesRead = 60;

interface Found {
  recordId: string;
  installations: Installation[];
  here: Installation;
  other: Installation | undefined;
  otherLink: Link | undefined;
  links: Link[];
  changes: Change[];
  people: Person[];
  parked: Parked[];
  run: Awaited<ReturnType<TenantTx['latestRun']>>;
  result: Awaited<ReturnType<TenantTx['latestResult']>>;
  /** Titles of records that changes refer to. */
  names: Map<string, string>;
}

/** The deal as a person sees it beside its row in one CRM. */
export async function readDealView(
  deps: ViewDeps,
  at: { tenantId: string; installationId: string },
  externalId: string,
): Promise<ViewAnswer> {
  const found = await deps.store.tenant(at.tenantId, (tx) => find(deps, tx, at.installationId, externalId));
  if (!found) return { status: 'not_synced' };
  const object = found.otherLink?.object;
  const description =
    object === undefined || !found.other
      ? undefined
      : await deps.crm.describe(at.tenantId, found.other.id, object).catch(() => undefined);
  const observing = onlyObserves(found.installations);
  // What is held is started by whoever clicks.
  const underWay = unfinishedStates.some((state) => state === found.run?.state && state !== 'waiting');
  const view: DealView = {
    side: found.here.vendor,
    otherSide: otherSide(deps, found, description),
    sync: syncLine(deps, found),
    changes: found.changes.map((change) => viewChange(change, found)),
    run: found.run ? viewRun(found.run) : null,
    brief: found.result?.result ?? null,
    canStartResearch: !underWay && !observing,
    researchRefused: observing ? 'observing' : null,
  };
  return { status: 'ok', view };
}

async function find(
  deps: ViewDeps,
  tx: TenantTx,
  installationId: string,
  externalId: string,
): Promise<Found | undefined> {
  const installations = await tx.installations();
  const here = installations.find((one) => one.id === installationId);
  const object = here && deps.mapper.target('deal', here.vendor, here.targets.deal)?.object;
  const [link] = object === undefined ? [] : await tx.linksByExternalId(installationId, object, [externalId]);
  if (!here || !link) return undefined;
  const { recordId } = link;
  const links = await tx.linksOfRecords([recordId]);
  const other = installations.find(
    (one) => one.id !== installationId && one.vendor !== here.vendor && one.state !== 'disconnected',
  );
  // What the first reading brought is no news.
  const changes = (await tx.changesOf(recordId, changesRead))
    .filter((change) => change.cause.lane !== 'first')
    .slice(0, changesShown);
  return {
    recordId,
    installations,
    here,
    other,
    otherLink: links.find((one) => one.installationId === other?.id && one.state === 'live'),
    links,
    changes,
    people: await tx.people(),
    parked: await tx.parkedOf([recordId]),
    run: await tx.latestRun('research', recordId),
    result: await tx.latestResult('research', recordId),
    names: await titles(deps, tx, changes),
  };
}

/** Changes of references are shown by the name of what they refer to, never by our id. */
async function titles(deps: ViewDeps, tx: TenantTx, changes: readonly Change[]): Promise<Map<string, string>> {
  const references = new Set(
    deps.mapper.mappings.kinds.deal.fields.filter((field) => field.to !== null).map((field) => field.name),
  );
  const ids = changes
    .filter((change) => references.has(change.field))
    .flatMap((change) => [change.before, change.after].flat().filter((id) => typeof id === 'string'));
  return recordNames(tx, ids);
}

function otherSide(deps: ViewDeps, found: Found, description: ObjectDescription | undefined): OtherSide {
  const { other, otherLink, here } = found;
  const vendor: Vendor = other?.vendor ?? (here.vendor === 'hubspot' ? 'salesforce' : 'hubspot');
  if (!other || !otherLink) return { vendor, state: 'unmatched' };
  if (otherLink.externalId === null || otherLink.base === null) return { vendor, state: 'pending' };
  const { facts } = otherLink;
  const owner = found.people.find((person) => person.installationId === other.id && person.ownerId === facts['owner']);
  const stageField = deps.mapper.target('deal', vendor, other.targets.deal)?.facts['stage'];
  const options = stageField === undefined ? undefined : description?.fields[stageField]?.options;
  return {
    vendor,
    state: 'linked',
    owner: owner ? { name: owner.name, email: owner.email } : null,
    stage: options?.find((option) => option.value === facts['stage'])?.label ?? facts['stage'] ?? null,
    lastTouchAt: instantOrNull(facts['lastTouchAt'] ?? null),
    nextStep: facts['nextStep'] ?? null,
    amount: facts['amount'] ?? null,
    currency: facts['currency'] ?? null,
  };
}

function instantOrNull(written: string | null): string | null {
  const time_ms = written === null ? Number.NaN : Date.parse(written);
  return Number.isNaN(time_ms) ? null : new Date(time_ms).toISOString();
}

function syncLine(deps: ViewDeps, { links, parked, changes }: Found): DealView['sync'] {
  const live = links.filter((link) => link.state === 'live');
  const behind = live.filter((link) => link.deliverAt_ms !== null || link.base === null);
  const agreedAt_ms = live
    .map((link) => link.agreedAt_ms)
    .reduce<number | null>(
      (latest, at_ms) => (at_ms !== null && (latest === null || at_ms > latest) ? at_ms : latest),
      null,
    );
  const lastChangeAt_ms = changes[0]?.at_ms;
  const until_ms = behind.length > 0 ? deps.clock.now_ms() : agreedAt_ms;
  const lag_ms = lastChangeAt_ms === undefined || until_ms === null ? null : Math.max(0, until_ms - lastChangeAt_ms);
  return {
    state: behind.length > 0 ? 'behind' : parked.length > 0 ? 'parked' : 'in_sync',
    lastSyncedAt: isoOrNull(agreedAt_ms),
    lag_ms,
    parked: parked.map(({ field, cause, detail, remedy }) => ({ field: field ?? '', cause, detail, remedy })),
  };
}

function viewChange(change: Change, found: Found): ViewChange {
  const show = (value: Value): string | null =>
    value === null
      ? null
      : [value]
          .flat()
          .map((one) => found.names.get(String(one)) ?? String(one))
          .join(', ') || null;
  const { author, side } = change;
  const name = personName(found.people, [found.here, found.other], change);
  const kind = author.kind === 'unknown' ? 'automation' : author.kind;
  return {
    id: change.id,
    at: new Date(change.at_ms).toISOString(),
    field: change.field,
    before: show(change.before),
    after: show(change.after),
    author: { name: author.kind === 'rapport' ? 'Rapport' : (name ?? ''), kind },
    vendor: side === 'hub' ? 'rapport' : side,
  };
}
