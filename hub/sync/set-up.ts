import type { NeededField } from '../../protocol/crm-connector.ts';
import type { Installation, Kind } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { SyncDeps } from './deps.ts';
import { readAccount } from './read-account.ts';
import { objectFor } from './sides.ts';

const setUpCursor = 'set-up';
const done = 'done';
const refused = 'refused';

/**
 * Prepares a newly connected account, reading only: which of the mapping's objects it has, its time zone, and its users. May be repeated.
 * False: it cannot be mirrored, which its admin is shown, and nothing else was done.
 */
export async function setUp(deps: SyncDeps, tenantId: string, installationId: string): Promise<boolean> {
  const installation = await deps.store.tenant(tenantId, async (tx) =>
    (await tx.installations()).find((one) => one.id === installationId),
  );
  if (!installation) return false;
  const { id, vendor } = installation;
  const api = await deps.crm.api(tenantId, id);
  const refusal = await api.unsuited?.();
  if (refusal) {
    await refuse(deps, installation, `${refusal.message} ${refusal.remedy}`);
    return false;
  }
  const targets: Partial<Record<Kind, string>> = {};
  for (const kind of kindOrder) {
    for (const { object } of deps.mapper.mappings.kinds[kind].objects[vendor] ?? []) {
      if (targets[kind] !== undefined || !(await deps.crm.describe(tenantId, id, object))) continue;
      targets[kind] = object;
    }
  }
  await readAccount(deps, installation);
  await deps.store.tenant(tenantId, async (tx) => {
    const wasRefused = (await tx.cursor(id, setUpCursor)) === refused;
    await tx.updateInstallation(id, { targets, ...(wasRefused && { brokenReason: null }) });
    await tx.saveCursor(id, setUpCursor, done);
  });
  return true;
}

async function refuse(deps: SyncDeps, { tenantId, id }: Installation, brokenReason: string): Promise<void> {
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.updateInstallation(id, { brokenReason });
    await tx.saveCursor(id, setUpCursor, refused);
  });
}

/** Whether an account was set up, could not be, or was not asked yet. */
export async function setUpState(tx: TenantTx, installationId: string): Promise<'done' | 'refused' | undefined> {
  const state = await tx.cursor(installationId, setUpCursor);
  return state === done || state === refused ? state : undefined;
}

/** Adds the fields that we need to an account whose plan was confirmed. May be repeated. */
export async function addFields(deps: SyncDeps, installation: Installation): Promise<void> {
  const api = await deps.crm.api(installation.tenantId, installation.id);
  for (const kind of kindOrder) {
    const object = objectFor(deps.mapper, kind, installation)?.object;
    if (object === undefined || !(await deps.crm.describe(installation.tenantId, installation.id, object))) continue;
    await api.ensureFields?.(object, neededFields(deps, installation, kind, object));
  }
  deps.crm.forgetDescriptions(installation.tenantId, installation.id);
}

/** Our id, and the fields whose value is ours alone. */
function neededFields(deps: SyncDeps, { vendor }: Installation, kind: Kind, object: string): NeededField[] {
  const mapping = deps.mapper.mappings.kinds[kind];
  const idField = mapping.objects[vendor]?.find((one) => one.object === object)?.idField;
  const ours = mapping.ours ? [] : mapping.fields.filter((field) => field.rule === 'hub');
  const fields = ours.flatMap((field): NeededField[] => {
    const name = sideFieldName(field.sides[vendor], object);
    const type = field.type === 'long_text' || field.type === 'instant' ? field.type : 'text';
    return name === undefined ? [] : [{ name, label: labelOf(name), type, unique: false }];
  });
  return idField === undefined
    ? fields
    : [{ name: idField, label: labelOf(idField), type: 'text', unique: true }, ...fields];
}

/** `rapport_research_summary` -> `Rapport research summary`. */
function labelOf(name: string): string {
  const words = name.replaceAll('_', ' ');
  return words.charAt(0).toUpperCase() + words.slice(1);
}
