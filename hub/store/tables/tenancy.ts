const ownRows = "tenant_id = current_setting('app.tenant', true)";

/**
 * Spread into every table of a tenant: without `app.tenant` no row is seen, with it one tenant's. It binds the table's owner too.
 * The first key column of each such table, and of each of its indexes, is `tenant_id`.
 */
export const tenancy = {
  policies: [{ name: 'tenant', using: ownRows, check: ownRows }],
  rowLevelSecurity: 'force' as const,
};
