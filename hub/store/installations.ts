import type { Grant } from '../../protocol/crm-connector.ts';
import { Fault, Reconnect } from '../../protocol/errors.ts';
import type { Installation, Person } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { offer, withdraw } from './leases.ts';
import { plain, unmanaged, upsert } from './rows.ts';
import { CursorTable, GrantTable, InstallationTable, PersonTable, TenantTable } from './tables/account.ts';

type Installations = Pick<
  TenantTx,
  | 'tenant'
  | 'installations'
  | 'updateInstallation'
  | 'grant'
  | 'saveGrant'
  | 'cursor'
  | 'saveCursor'
  | 'dropCursor'
  | 'people'
  | 'savePeople'
>;

export function installations({ em, tenantId, keyring }: Db): Installations {
  return {
    async tenant() {
      const row = await em.findOne(TenantTable, { tenantId }, unmanaged);
      if (!row) throw new Fault(`There is no tenant "${tenantId}".`);
      return { id: row.tenantId, name: row.name, aiEnabled: row.aiEnabled };
    },

    async installations() {
      const rows = await em.find(InstallationTable, { tenantId }, { ...unmanaged, orderBy: { id: 'asc' } });
      return rows.map((row) => ({ tenantId, ...plain<Omit<Installation, 'tenantId'>>(row) }));
    },
    async updateInstallation(installationId, change) {
      const found = await em.nativeUpdate(InstallationTable, { tenantId, id: installationId }, change);
      if (found === 0 || change.state === undefined) return;
      const stream = { tenantId, installationId, what: 'stream' } as const;
      await (change.state === 'disconnected' ? withdraw(em, stream) : offer(em, stream));
    },

    async grant(installationId) {
      const row = await em.findOne(GrantTable, { tenantId, installationId }, unmanaged);
      if (!row) throw new Reconnect(`Installation "${installationId}" has no grant.`);
      return JSON.parse(keyring.open(row, [tenantId, installationId])) as Grant;
    },
    async saveGrant(installationId, grant) {
      const sealed = keyring.seal(JSON.stringify(grant), [tenantId, installationId]);
      await upsert(em, GrantTable, [{ tenantId, installationId, ...sealed }]);
    },

    async cursor(installationId, name) {
      const row = await em.findOne(CursorTable, { tenantId, installationId, name }, unmanaged);
      return row?.value;
    },
    async saveCursor(installationId, name, value) {
      await upsert(em, CursorTable, [{ tenantId, installationId, name, value }]);
    },
    async dropCursor(installationId, name, value) {
      await em.nativeDelete(CursorTable, { tenantId, installationId, name, value });
    },

    async people(installationId) {
      const rows = await em.find(PersonTable, { tenantId, ...(installationId ? { installationId } : {}) }, unmanaged);
      return rows.map(plain<Person>);
    },
    async savePeople(people) {
      await upsert(
        em,
        PersonTable,
        people.map((person) => ({ tenantId, ...person })),
      );
    },
  };
}
