import { pausedDeletes } from '../../../../hub/sync/confirm-deletes.ts';
import type { SyncRig } from './sync-rig.ts';

/** Companies of HubSpot with the ids 1 to `count`, looked at once. */
export async function putCompanies(rig: SyncRig, count: number): Promise<string[]> {
  const ids = Array.from({ length: count }, (_, index) => String(index + 1));
  for (const id of ids) rig.put('companies', id, { name: `Company ${id}`, phone: null });
  await rig.observe('companies', ...ids);
  return ids;
}

export async function companyStates(rig: SyncRig, ids: readonly string[]): Promise<(string | undefined)[]> {
  const links = await rig.tx((tx) => tx.linksByExternalId('hs', 'companies', ids));
  return ids.map((id) => links.find((link) => link.externalId === id)?.state);
}

/** Objects of which too many rows went. */
export function pausedObjects(rig: SyncRig): Promise<string[]> {
  return rig.tx(async (tx) => (await pausedDeletes(rig.deps, tx, 'hs')).map(({ object }) => object));
}

/** What is written into the audit from now on. */
export function recordAudits(rig: SyncRig): string[] {
  const seen: string[] = [];
  const { store } = rig.deps;
  rig.deps.store = {
    ...store,
    tenant: (id, work) =>
      store.tenant(id, (tx) =>
        work({
          ...tx,
          audit(entries) {
            seen.push(...entries.map(({ action, subject }) => `${action} ${subject}`));
            return tx.audit(entries);
          },
        }),
      ),
  };
  return seen;
}
