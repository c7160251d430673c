import { defineEntity, p } from '@mikro-orm/core';
import type { LeaseKey } from '../../../protocol/ports/leases.ts';

/**
 * Who does what only one process may do. Outside tenancy, as `due` is: whoever looks for streams that nobody follows must
 * find them at the same cost for any number of tenants. Ids and instants only.
 */
export const LeaseTable = defineEntity({
  name: 'Lease',
  indexes: [{ properties: ['what', 'until_ms'] }],
  properties: {
    tenantId: p.text().primary(),
    installationId: p.text().primary(),
    what: p.text().$type<LeaseKey['what']>().primary(),
    /** null: nobody's. */
    holder: p.text().nullable(),
    /** 0 where nobody holds it. */
    until_ms: p.bigint('number'),
    /** Of a stream: when the vendor was last heard on it. */
    heardAt_ms: p.bigint('number').nullable(),
  },
});
