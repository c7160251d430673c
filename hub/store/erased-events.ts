import type { Vendor } from '../../protocol/nouns.ts';
import type { Db } from './db.ts';
import { json } from './rows.ts';

/** The vendor object that an event told of. */
export interface ToldOf {
  installationId: string;
  object: string;
  externalId: string;
}

/** What came in late about people who were erased is emptied; the empty events stay, so that a repeat is still one. */
export async function emptyErased({ em, tenantId, keyring }: Db, told: readonly ToldOf[]): Promise<void> {
  const [some] = await em.execute<object[]>('select from erased where tenant_id = ? limit 1', [tenantId]);
  if (!some || told.length === 0) return;
  const installations = await em.execute<{ id: string; vendor: Vendor }[]>(
    'select id, vendor from installation where tenant_id = ?',
    [tenantId],
  );
  const vendors = new Map(installations.map(({ id, vendor }) => [id, vendor]));
  const hashed = told.flatMap((one) =>
    keyring.hashes([tenantId, vendors.get(one.installationId) ?? '', one.externalId]).map((hash) => ({ ...one, hash })),
  );
  await em.execute(
    `update inbox set event = jsonb_set(event, '{values}', '{}')
     from jsonb_to_recordset(?::jsonb) as told("installationId" text, object text, "externalId" text, hash text)
     where inbox.tenant_id = ? and (inbox.installation_id, inbox.object, inbox.external_id) =
         (told."installationId", told.object, told."externalId")
       and exists (select from erased where erased.tenant_id = inbox.tenant_id and erased.hash = told.hash)`,
    [json(hashed), tenantId],
  );
}
