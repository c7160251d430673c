import { Reconnect } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { SyncDeps } from './deps.ts';

/** Nobody tells when an admin moves an account to another time zone, or a user comes. */
const readEvery_ms = 86_400_000;
const againAfterFailure_ms = 3_600_000;
/** Under this name stands when it may be read again. */
const nextRead = 'account-next-read';

/** Reads what an account says of itself, beside its rows: its time zone and its users. */
export async function readAccount(deps: SyncDeps, { tenantId, id }: Installation): Promise<void> {
  const api = await deps.crm.api(tenantId, id);
  const timeZone = (await api.timeZone?.()) ?? null;
  const people = await api.people();
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.savePeople(people.map((person) => ({ ...person, installationId: id })));
    await tx.updateInstallation(id, { timeZone });
    await tx.saveCursor(id, nextRead, String(deps.clock.now_ms() + readEvery_ms));
  });
}

/** The same once a day; what fails holds up nothing and is tried again in an hour. Throws when the whole account is cut off. */
export async function readAccountDaily(deps: SyncDeps, installation: Installation): Promise<void> {
  const { tenantId, id } = installation;
  const next_ms = Number((await deps.store.tenant(tenantId, (tx) => tx.cursor(id, nextRead))) ?? 0);
  if (next_ms > deps.clock.now_ms()) return;
  try {
    await readAccount(deps, installation);
  } catch (error) {
    if (error instanceof Reconnect) throw error;
    deps.log.warn({ installation: id, ...faultForLog(error) }, 'an account could not be read again');
    const again_ms = deps.clock.now_ms() + againAfterFailure_ms;
    await deps.store.tenant(tenantId, (tx) => tx.saveCursor(id, nextRead, String(again_ms)));
  }
}
