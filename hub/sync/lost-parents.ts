import type { Fields, VendorFields } from '../../protocol/fields.ts';
import type { Kind } from '../../protocol/nouns.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { SyncDeps } from './deps.ts';
import type { Observation, Rows } from './observation.ts';
import { objectFor } from './sides.ts';
import { elements } from './without-lost.ts';

const purpose = { lane: 'background', what: 'observe' } as const;

/**
 * Records to which these rows refer no more since their row of this account is gone: a CRM drops the references to what is
 * deleted. Nobody edited the rows that referred to it, and in the other CRM the reference stands. A row that is cleared may be
 * seen before the deletion is: what it referred to is read.
 */
export async function lostParents(
  deps: SyncDeps,
  { installation, about, known }: Rows,
  observations: readonly Observation[],
): Promise<ReadonlySet<string>> {
  const references = deps.mapper.mappings.kinds[about.kind].fields.filter((field) => field.to !== null);
  const lost = new Set<string>();
  for (const [to, fields] of Map.groupBy(references, (field) => field.to as Kind)) {
    const ids = observations.flatMap(({ row }) => {
      const base = known.get(`${about.object}:${row.externalId}`)?.base;
      return row.archived || !base
        ? []
        : fields.flatMap((field) =>
            isFewer(row.fields[sideFieldName(field.sides[installation.vendor], about.object) ?? ''], base[field.name])
              ? elements(base[field.name])
              : [],
          );
    });
    const target = objectFor(deps.mapper, to, installation);
    if (ids.length === 0 || !target) continue;
    const links = await deps.store.tenant(installation.tenantId, (tx) => tx.linksOfRecords([...new Set(ids)]));
    const here = links.filter((link) => link.installationId === installation.id && link.state === 'live');
    const rows = new Map(
      here.flatMap(({ externalId, recordId }) => (externalId === null ? [] : [[externalId, recordId]])),
    );
    for (const id of ids) if (!here.some((link) => link.recordId === id)) lost.add(id);
    if (rows.size === 0) continue;
    const api = await deps.crm.api(installation.tenantId, installation.id);
    const read = await api.read(target.object, [...rows.keys()], [target.idField], purpose);
    const gone = [...read.missing, ...read.rows.filter((row) => row.archived).map((row) => row.externalId)];
    for (const externalId of gone) lost.add(String(rows.get(externalId)));
  }
  return lost;
}

function isFewer(there: VendorFields[string] | undefined, before: Fields[string] | undefined): boolean {
  return there !== undefined && elements(there).length < elements(before).length;
}
