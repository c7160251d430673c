import type { Vendor } from '../../protocol/nouns.ts';
import type { Db } from './db.ts';
import { insertNew, json } from './rows.ts';
import { ErasedTable } from './tables/history.ts';
import { unpackAll } from './unpack.ts';

/** A vendor object of one installation. */
export interface Place {
  installationId: string;
  object: string;
  externalId: string;
}

/**
 * Removes what was received and parked of rows of an erased person, and keeps a keyed hash of each, so that a later event does
 * not bring them back. Unrouted bytes of the account that hold an id go whole: they are hints, and every row is read anyway.
 */
export async function forgetRows(db: Db, places: readonly Place[]): Promise<void> {
  const { em, tenantId, keyring } = db;
  await unpackAll(db);
  const installations = await em.execute<{ id: string; vendor: Vendor; accountId: string }[]>(
    'select id, vendor, account_id as "accountId" from installation where tenant_id = ?',
    [tenantId],
  );
  const known = new Map(installations.map((one) => [one.id, one]));
  const rows = places.flatMap(({ installationId, ...place }) => {
    const at = known.get(installationId);
    return at ? [{ installation: installationId, vendor: at.vendor, account: at.accountId, ...place }] : [];
  });
  if (rows.length === 0) return;
  await insertNew(
    em,
    ErasedTable,
    rows.map(({ vendor, externalId }) => ({ tenantId, hash: keyring.hash([tenantId, vendor, externalId]) })),
  );
  for (const table of ['inbox', 'parked']) {
    await em.execute(
      `delete from ${table} where tenant_id = ? and (installation_id, object, external_id) in (
         select installation, object, "externalId" from jsonb_to_recordset(?::jsonb)
           as place(installation text, object text, "externalId" text))`,
      [tenantId, json(rows)],
    );
  }
  await em.execute(
    `delete from unrouted using jsonb_to_recordset(?::jsonb) as place(vendor text, account text, "externalId" text)
     where unrouted.vendor = place.vendor and unrouted.account_id = place.account
       and position(convert_to(place."externalId", 'UTF8') in unrouted.body) > 0`,
    [json(rows)],
  );
}
