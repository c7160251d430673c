import { actorName } from '../../protocol/actor-name.ts';
import { sameValue, type Fields, type Value } from '../../protocol/fields.ts';
import type { Author, Cause, Change, Kind, Link, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { newLink } from './new-record.ts';
import { withKeys } from './record-keys.ts';
import { turnedValue } from './repoint-children.ts';
import { objectFor, rulesFor } from './sides.ts';

/**
 * What a run made, or a person gave back: new records, and fields of existing ones. Ids are the caller's, so that a repeat
 * files nothing twice.
 */
export interface Filing {
  records: readonly { id: string; kind: Kind; fields: Fields }[];
  updates: readonly { recordId: string; fields: Fields }[];
  cause: Cause;
  /** Rapport itself when absent. */
  by?: Author;
}

export type FilingDeps = Pick<SyncDeps, 'mapper' | 'clock' | 'ids'>;

/**
 * Puts our own values into the canonical store. From here they reach the CRMs as any other change: the links are due.
 * Answers the installations that have something to write.
 */
export async function fileRecords(deps: FilingDeps, tx: TenantTx, filing: Filing): Promise<string[]> {
  const now_ms = deps.clock.now_ms();
  const ended = await foldedAmong(deps, tx, filing);
  const standing = (id: string): string => ended.get(id) ?? id;
  const updates = filing.updates.map((one) => ({ ...one, recordId: standing(one.recordId) }));
  const known = new Map(
    (await tx.lockRecords([...filing.records.map((one) => one.id), ...updates.map((one) => one.recordId)])).map(
      (record) => [record.id, record],
    ),
  );
  const author = filing.by ?? { kind: 'rapport', userId: null };
  const changes: Change[] = [];
  const saved: StoredRecord[] = [];
  const put = (record: StoredRecord, given: Fields): void => {
    const references = deps.mapper.mappings.kinds[record.kind].fields.filter((field) => field.to !== null);
    const turned = references.flatMap(({ name }): [string, Value][] => {
      const value = given[name];
      return value === undefined ? [] : [[name, turnedValue(value, standing)]];
    });
    const fields = deps.mapper.normalise(record.kind, { ...given, ...Object.fromEntries(turned) });
    const changed = Object.entries(fields).filter(([name, value]) => !sameValue(record.fields[name] ?? null, value));
    changes.push(
      ...changed.map(([field, after]) =>
        changeOf(deps, record, field, after, { cause: filing.cause, author, at_ms: now_ms }),
      ),
    );
    const stamps = Object.fromEntries(changed.map(([field]) => [field, { at_ms: now_ms, side: 'hub' as const }]));
    saved.push({ ...record, fields: { ...record.fields, ...fields }, stamps: { ...record.stamps, ...stamps } });
  };
  for (const { id, kind, fields } of filing.records)
    put(known.get(id) ?? { id, kind, fields: {}, stamps: {}, deletedAt_ms: null, mergedInto: null }, fields);
  for (const { recordId, fields } of updates) {
    const record = known.get(recordId);
    if (record) put(record, fields);
  }
  await tx.saveRecords(saved.map((record) => withKeys(deps.mapper, record)));
  await tx.addChanges(changes);
  await tx.audit(
    [...Map.groupBy(changes, (change) => change.recordId)].map(([subject, some]) => ({
      action: `change.${filing.cause.lane}`,
      actor: actorName(author),
      subject,
      detail: { fields: some.map((change) => change.field) },
    })),
  );
  return markLinks(deps, tx, saved, now_ms);
}

/** Which of the records named were merged into another one since the filing was made. */
async function foldedAmong({ mapper }: FilingDeps, tx: TenantTx, filing: Filing): Promise<Map<string, string>> {
  const references = new Set(
    Object.values(mapper.mappings.kinds).flatMap(({ fields }) => fields.flatMap((one) => (one.to ? [one.name] : []))),
  );
  const all = [...filing.records, ...filing.updates].flatMap(({ fields }) => Object.entries(fields));
  const values = all.flatMap(([name, value]) => (references.has(name) ? [value ?? []].flat().map(String) : []));
  return tx.foldedInto([...new Set([...values, ...filing.updates.map((one) => one.recordId)])]);
}

function changeOf(
  deps: FilingDeps,
  record: StoredRecord,
  field: string,
  after: Value,
  by: Pick<Change, 'author' | 'cause' | 'at_ms'>,
): Change {
  const before = record.fields[field] ?? null;
  return {
    id: deps.ids.next(),
    recordId: record.id,
    field,
    before,
    after,
    side: 'hub',
    ...by,
  };
}

async function markLinks(
  deps: FilingDeps,
  tx: TenantTx,
  records: readonly StoredRecord[],
  now_ms: number,
): Promise<string[]> {
  const installations = (await tx.installations()).filter((one) => one.state === 'writing');
  const links = await tx.linksOfRecords(records.map((record) => record.id));
  const due: Link[] = [];
  for (const record of records)
    for (const installation of installations) {
      const target = objectFor(deps.mapper, record.kind, installation);
      if (!target) continue;
      const own = links.filter((link) => link.recordId === record.id && link.installationId === installation.id);
      const live = own.find((link) => link.state === 'live');
      // Only what Rapport makes is created here: a person's row that was deleted there stays deleted.
      const link =
        live ??
        (own.length === 0 && deps.mapper.mappings.kinds[record.kind].ours
          ? newLink(deps.ids.next(), record.id, installation.id, target.object, null)
          : undefined);
      if (!link) continue;
      const rules = rulesFor(deps.mapper, record.kind, installation, 'out');
      const differs =
        Object.keys(deriveWrite({ rules, canonical: record.fields, base: link.base, refused: new Map() })).length > 0;
      if (differs) due.push({ ...link, deliverAt_ms: now_ms });
    }
  await tx.saveLinks(due);
  const at = [...new Set(due.map((link) => link.installationId))];
  for (const installationId of at) await tx.markDue(installationId, 'deliver', now_ms);
  return at;
}
