import type { NewTenant } from '../../../hub/store/admin.ts';
import { Invalid } from '../../../protocol/errors.ts';
import type { Installation } from '../../../protocol/nouns.ts';
import { keyOf } from './table.ts';
import type { Tables } from './tables.ts';

/** An account's tenant and installation, by vendor and account. */
export type Routes = Map<string, { tenantId: string; installationId: string }>;

/** As `hub/store/admin.ts`: may be repeated; an installation that is there stays as it is. Throws Invalid for another's account. */
export function provision(
  tables: Tables,
  routes: Routes,
  { id: tenantId, name, aiEnabled, installations }: NewTenant,
): void {
  if (!tenantId) throw new Invalid('A tenant has no id.', 'Give it one.');
  for (const { id, vendor, accountId } of installations) {
    const known = routes.get(keyOf(vendor, accountId));
    if (known && (known.tenantId !== tenantId || known.installationId !== id))
      throw new Invalid(
        `The ${vendor} account ${accountId} is connected already, to another tenant or installation.`,
        'Disconnect it there first: one account belongs to one tenant.',
      );
  }
  tables.tenant.set(tenantId, tables.tenant.stored({ id: tenantId, name, aiEnabled }));
  for (const { grant, ...given } of installations) {
    const installationId = given.id;
    routes.set(keyOf(given.vendor, given.accountId), { tenantId, installationId });
    if (tables.installations.rows.has(installationId)) continue;
    const installation: Installation = { ...given, tenantId, targets: {}, timeZone: null, brokenReason: null };
    tables.installations.set(installationId, tables.installations.stored(installation));
    tables.grants.set(installationId, tables.grants.stored({ installationId, grant }));
  }
}
