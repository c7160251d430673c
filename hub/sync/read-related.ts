import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Installation, Link } from '../../protocol/nouns.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import type { InboxItem } from '../../protocol/ports/store.ts';
import type { VendorRow } from '../../protocol/vendor-event.ts';
import type { SyncDeps } from './deps.ts';
import { goneRow, type Rows } from './observation.ts';
import { isProvenGone } from './proven-gone.ts';
import { objectFor } from './sides.ts';

/** Merges of merges end some time. */
const mostRounds = 10;

/**
 * The rows without which nothing can be said of some that were read: those in which merged rows ended, and those whose copies
 * carry their id. A row that is not there is answered as gone when that is certain, and not at all before.
 */
export async function readRelated(
  deps: SyncDeps,
  { installation, about, known }: Rows,
  api: CrmApi,
  rows: readonly VendorRow[],
  asked: { fields: readonly string[]; purpose: Purpose; hintsOf: (externalId: string) => readonly InboxItem[] },
): Promise<VendorRow[]> {
  const related = new Map<string, VendorRow>();
  const isRead = (id: string): boolean => related.has(id) || rows.some((row) => row.externalId === id);
  const strangers = rows.filter((row) => !row.archived && !known.has(`${about.object}:${row.externalId}`));
  const askers = [...strangers, ...rows.filter((row) => row.mergedInto !== undefined)];
  const read = async (ids: readonly string[]): Promise<void> => {
    const wanted = [...new Set(ids)].filter((id) => !isRead(id));
    if (wanted.length === 0) return;
    const { rows: found, missing } = await api.read(about.object, wanted, asked.fields, asked.purpose);
    const links = await linksOf(deps, installation, about.object, missing);
    const now_ms = deps.clock.now_ms();
    // Of rows asked for together the youngest hint counts: a copy that lags may not know what that one is about.
    const isCertain = askers.every(({ externalId }) => isProvenGone(asked.hintsOf(externalId), now_ms));
    const gone = isCertain ? missing.map((id) => goneRow(id, links.get(id))) : [];
    for (const row of [...found, ...gone]) related.set(row.externalId, row);
  };
  await read(await originalsOf(deps, { installation, about }, strangers));
  for (let round = 0; round < mostRounds; round += 1)
    await read([...rows, ...related.values()].flatMap((row) => row.mergedInto ?? []));
  return [...related.values()];
}

async function linksOf(
  deps: SyncDeps,
  { tenantId, id }: Installation,
  object: string,
  externalIds: readonly string[],
): Promise<Map<string, Link>> {
  if (externalIds.length === 0) return new Map();
  const links = await deps.store.tenant(tenantId, (tx) => tx.linksByExternalId(id, object, externalIds));
  return new Map(links.map((link) => [String(link.externalId), link]));
}

/** Of strangers that carry the id of a record: the rows that are linked to it. */
async function originalsOf(
  deps: SyncDeps,
  { installation, about }: Pick<Rows, 'installation' | 'about'>,
  strangers: readonly VendorRow[],
): Promise<string[]> {
  const idField = objectFor(deps.mapper, about.kind, installation)?.idField;
  if (idField === undefined) return [];
  const named = strangers.map((row) => row.fields[idField]).filter((id) => typeof id === 'string' && id !== '');
  if (named.length === 0) return [];
  const links = await deps.store.tenant(installation.tenantId, (tx) => tx.linksOfRecords(named.map(String)));
  const here = links.filter((link) => link.installationId === installation.id && link.state === 'live');
  return here.flatMap((link) => link.externalId ?? []);
}
