import type { Fields } from '../../protocol/fields.ts';
import type { FieldRule } from '../../protocol/mapping.ts';
import type { Cause, Change, Installation, Kind, Link, Parked, StoredRecord, Write } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { queuedRun } from '../../protocol/run.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import { canonicalRows, type CanonicalRow } from './canonical-rows.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { evidenceFrom } from './evidence.ts';
import type { Applied, Observation } from './observation.ts';
import { parkedEntries } from './parked-entries.ts';
import { reconcile } from './reconcile.ts';
import { linkStrangers } from './link-strangers.ts';
import { emptyFields } from './new-record.ts';
import { defaultedFields, lacksOurId, objectFor, ourIdFact, rulesFor } from './sides.ts';

/*
 * One transaction's worth of observed rows of one object:
 *   rows -> canonical form -> links (strangers are matched or become new records) -> records locked in id order
 *        -> reconcile each (pure) -> save records, changes, conflicts, parked, links, runs, audit
 */
export async function applyObservations(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  about: { kind: Kind; object: string },
  observations: readonly Observation[],
): Promise<Applied> {
  const applied: Applied = { finished: [], again: [], deliverTo: new Set(), startedRuns: false, observeAgain: false };
  if (observations.length === 0) return applied;
  const installations = await tx.installations();
  const canonical = await canonicalRows(
    deps.mapper,
    tx,
    installation,
    about,
    observations.map((one) => one.row.fields),
  );
  const rows = observations.map((observation, index) => ({ observation, canonical: canonical[index] as CanonicalRow }));

  const linked = await linkStrangers(deps, tx, installation, about, rows);
  const records = new Map(
    [...(await tx.lockRecords(linked.existing)), ...linked.created].map((record) => [record.id, record]),
  );
  const links = new Map(
    [...(await tx.linksOfRecords([...records.keys()])), ...linked.links].map((link) => [link.id, link]),
  );
  const writes = Map.groupBy(await tx.openWrites([...links.keys()]), (write) => write.linkId);
  const batch = new Batch(deps, installation, about, installations, records, links, writes, applied);
  batch.parkedBefore = await tx.parkedAt(
    installation.id,
    about.object,
    observations.map((one) => one.row.externalId),
  );
  batch.parked.push(...linked.parked);

  for (const { observation, canonical: row } of rows) {
    const linkId = linked.linkOf.get(observation.row.externalId);
    if (linkId === undefined)
      batch.finish(observation, linked.ignored.has(observation.row.externalId) ? 'no_change' : 'parked');
    else batch.observe(observation, row, links.get(linkId) as Link);
  }
  await batch.save(tx);
  return applied;
}

/** The working set of one transaction. */
class Batch {
  parkedBefore: Parked[] = [];
  readonly parked: Parked[] = [];
  readonly #unpark: string[] = [];
  readonly #changes: Change[] = [];
  readonly #conflicts: Parameters<TenantTx['addConflicts']>[0][number][] = [];
  readonly #settled: Write[] = [];
  readonly #touched = new Set<string>();
  readonly #newlyLive: Link[] = [];

  readonly #deps: SyncDeps;
  readonly #installation: Installation;
  readonly #about: { kind: Kind; object: string };
  readonly #installations: readonly Installation[];
  readonly #records: Map<string, StoredRecord>;
  readonly #links: Map<string, Link>;
  readonly #writes: Map<string, Write[]>;
  readonly #applied: Applied;
  readonly #rulesIn: FieldRule[];
  readonly #idField: string;
  readonly #defaulted: ReadonlySet<string>;
  readonly #now_ms: number;

  constructor(
    deps: SyncDeps,
    installation: Installation,
    about: { kind: Kind; object: string },
    installations: readonly Installation[],
    records: Map<string, StoredRecord>,
    links: Map<string, Link>,
    writes: Map<string, Write[]>,
    applied: Applied,
  ) {
    this.#deps = deps;
    this.#installation = installation;
    this.#about = about;
    this.#installations = installations;
    this.#records = records;
    this.#links = links;
    this.#writes = writes;
    this.#applied = applied;
    this.#rulesIn = rulesFor(deps.mapper, about.kind, installation, 'in');
    this.#idField = objectFor(deps.mapper, about.kind, installation)?.idField ?? '';
    this.#defaulted = defaultedFields(deps.mapper, installation, about);
    this.#now_ms = deps.clock.now_ms();
  }

  observe(observation: Observation, row: CanonicalRow, link: Link): void {
    const open = this.#writes.get(link.id) ?? [];
    const unanswered = open.some((write) => write.state === 'sent' || write.state === 'uncertain');
    const stale = observation.row.stamp_ms < (link.stamp_ms ?? 0) || observation.readAt_ms < (link.writtenAt_ms ?? 0);
    if (unanswered || stale) {
      this.#applied.again.push(...observation.items.map((item) => item.id));
      return;
    }
    if (observation.row.archived) {
      this.#retire(observation, link);
      return;
    }
    const record = this.#records.get(link.recordId) as StoredRecord;
    const answered = open.findLast((write) => write.state === 'answered');
    const outcome = reconcile({
      side: this.#installation.vendor,
      rules: this.#rulesIn,
      canonical: record.fields,
      stamps: record.stamps,
      base: link.base,
      sent: answered?.values ?? null,
      defaulted: link.base === null && answered ? this.#defaulted : noDefaults,
      observed: row.fields,
      observedAt_ms: observation.row.stamp_ms,
      previousAt_ms: link.stamp_ms,
      author: observation.row.author,
      evidence: evidenceFrom(this.#deps.mapper, this.#installation, this.#about, observation.items),
    });

    const first = link.base === null || record.fields === emptyFields;
    const lane: Cause['lane'] = first ? 'first' : observation.lane;
    const changes = outcome.changes.map((change): Change => {
      const id = this.#deps.ids.next();
      const { field, before, after, at_ms, author } = change;
      return {
        id,
        recordId: record.id,
        field,
        before,
        after,
        at_ms,
        author,
        side: this.#installation.vendor,
        cause: { lane, id },
      };
    });
    this.#changes.push(...changes);
    this.#conflicts.push(
      ...outcome.conflicts.map((lost) => ({
        ...lost,
        id: this.#deps.ids.next(),
        recordId: record.id,
        at_ms: this.#now_ms,
      })),
    );
    if (changes.length > 0 || record.fields === emptyFields) this.#touched.add(record.id);
    this.#records.set(record.id, {
      ...record,
      fields: { ...record.fields, ...Object.fromEntries(changes.map((change) => [change.field, change.after])) },
      stamps: {
        ...record.stamps,
        ...Object.fromEntries(
          changes.map((change) => [change.field, { at_ms: change.at_ms, side: this.#installation.vendor }]),
        ),
      },
    });
    for (const write of open)
      this.#settled.push({ ...write, state: outcome.refused.length > 0 ? 'rejected' : 'confirmed' });
    if (link.stamp_ms === null) this.#newlyLive.push(link);
    this.#links.set(link.id, {
      ...link,
      base: outcome.base,
      facts: { ...link.facts, ...row.facts, ...this.#ourId(observation.row) },
      stamp_ms: observation.row.stamp_ms,
    });
    this.#park(link, observation, row, outcome.refused, answered?.values ?? {});
    this.finish(observation, changes.length > 0 || outcome.conflicts.length > 0 ? 'applied' : 'no_change');
  }

  #ourId(row: VendorRow): Record<string, string | null> {
    const value = row.fields[this.#idField];
    return value === undefined ? {} : { [ourIdFact]: value === null || value === '' ? null : String(value) };
  }

  finish(observation: Observation, outcome: Applied['finished'][number]['outcome']): void {
    this.#applied.finished.push(...observation.items.map((item) => ({ id: item.id, outcome })));
  }

  async save(tx: TenantTx): Promise<void> {
    this.#markDeliveries();
    const { mapper } = this.#deps;
    await tx.saveRecords(
      [...this.#touched].map((id) => {
        const record = this.#records.get(id) as StoredRecord;
        return { record, matchKeys: mapper.matchKeys(record.kind, record.fields).flat() };
      }),
    );
    await tx.saveLinks([...this.#links.values()]);
    await tx.saveWrites(this.#settled);
    await tx.addChanges(this.#changes);
    await tx.addConflicts(this.#conflicts);
    await tx.unpark(this.#unpark);
    await tx.park(this.parked);
    await tx.finishInbox(this.#applied.finished);
    for (const installationId of this.#applied.deliverTo) await tx.markDue(installationId, 'deliver', this.#now_ms);
    await this.#startRuns(tx);
    await this.#wakeChildren(tx);
    await this.#audit(tx);
  }

  /** A row that is gone there: the link ends, the record and its other links stay. Proof is the re-read that found it gone. */
  #retire(observation: Observation, link: Link): void {
    this.#links.set(link.id, { ...link, state: 'retired', deliverAt_ms: null, stamp_ms: observation.row.stamp_ms });
    this.finish(observation, 'applied');
  }

  #park(link: Link, observation: Observation, row: CanonicalRow, refused: readonly string[], sent: Fields): void {
    const where = {
      installationId: this.#installation.id,
      object: this.#about.object,
      externalId: observation.row.externalId,
      recordId: link.recordId,
      at_ms: this.#now_ms,
    };
    this.parked.push(...parkedEntries(this.#deps.ids, where, row.held, refused, sent));
    const stillHeld = new Set([...row.held.map((held) => held.field), ...refused]);
    const record = this.#records.get(link.recordId) as StoredRecord;
    for (const entry of this.parkedBefore) {
      if (entry.externalId !== observation.row.externalId) continue;
      const readableNow =
        entry.field === null
          ? entry.cause !== 'refused'
          : row.fields[entry.field] !== undefined && !stillHeld.has(entry.field);
      const moot =
        entry.field !== null && entry.cause === 'not_accepted' ? record.fields[entry.field] !== entry.value : true;
      if (readableNow && moot) this.#unpark.push(entry.id);
    }
  }

  /** Every live link in which canonical and base now differ wants a write, where writing is allowed. */
  #markDeliveries(): void {
    for (const link of this.#links.values()) {
      const at = this.#installations.find((one) => one.id === link.installationId);
      if (!at || at.state !== 'writing' || link.state !== 'live') continue;
      const record = this.#records.get(link.recordId) as StoredRecord;
      const rules = rulesFor(this.#deps.mapper, record.kind, at, 'out');
      const written = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: new Map() });
      const differs = Object.keys(written).length > 0 || lacksOurId(link);
      const busy = (this.#writes.get(link.id) ?? []).some(
        (write) => write.state === 'sent' || write.state === 'uncertain',
      );
      if (busy) continue;
      const agreedAnew = link.agreedAt_ms === null || link.deliverAt_ms !== null || this.#touched.has(link.recordId);
      this.#links.set(
        link.id,
        differs
          ? { ...link, deliverAt_ms: this.#now_ms }
          : { ...link, deliverAt_ms: null, agreedAt_ms: agreedAnew ? this.#now_ms : link.agreedAt_ms },
      );
      if (differs) this.#applied.deliverTo.add(link.installationId);
    }
  }

  async #startRuns(tx: TenantTx): Promise<void> {
    for (const wanted of this.#deps.matchRuns(this.#about.kind, this.#changes)) {
      await tx.startRun(queuedRun(this.#deps.ids.next(), this.#installation.tenantId, wanted, this.#now_ms));
      await tx.markDue('', 'runs', this.#now_ms);
      this.#applied.startedRuns = true;
    }
  }

  /** Rows that waited for one of the rows linked here are looked at again. */
  async #wakeChildren(tx: TenantTx): Promise<void> {
    const keys = this.#newlyLive.flatMap((link) =>
      link.externalId === null ? [] : [`${link.object}:${link.externalId}`],
    );
    const waiting = keys.length === 0 ? [] : await tx.parkedWaitingFor(this.#installation.id, keys);
    const hints = waiting.flatMap((entry) =>
      entry.externalId === null
        ? []
        : [
            {
              key: `wake-${entry.id}`,
              object: entry.object,
              externalId: entry.externalId,
              change: 'associated' as const,
              values: {},
              occurredAt_ms: this.#now_ms,
              author: { kind: 'rapport' as const, userId: null },
              own: false,
              lane: 'sweep' as const,
            },
          ],
    );
    if (hints.length === 0) return;
    await tx.addInbox(this.#installation.id, hints);
    await tx.markDue(this.#installation.id, 'observe', this.#now_ms);
    this.#applied.observeAgain = true;
  }

  async #audit(tx: TenantTx): Promise<void> {
    const byRecord = Map.groupBy(this.#changes, (change) => change.recordId);
    await tx.audit(
      [...byRecord].map(([recordId, changes]) => {
        const [first] = changes as [Change, ...Change[]];
        const actor = first.author.userId === null ? first.author.kind : `${first.author.kind}:${first.author.userId}`;
        return {
          action: `change.${first.cause.lane}`,
          actor,
          subject: recordId,
          detail: { side: this.#installation.vendor, fields: changes.map((change) => change.field) },
        };
      }),
    );
  }
}

const noDefaults: ReadonlySet<string> = new Set();
