import type { NeededField } from '../../protocol/crm-connector.ts';
import type { Installation, Kind } from '../../protocol/nouns.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import { sideFieldName } from '../../protocol/side-field-name.ts';
import type { SyncDeps } from './deps.ts';

/**
 * Prepares a newly connected account: which of the mapping's objects it has, the fields that we add, and its users.
 * Every step can be repeated.
 */
export async function setUp(deps: SyncDeps, installation: Installation): Promise<Installation> {
  const { tenantId, id, vendor } = installation;
  const api = await deps.crm.api(tenantId, id);
  const targets: Partial<Record<Kind, string>> = {};
  for (const kind of kindOrder) {
    for (const { object } of deps.mapper.mappings.kinds[kind].objects[vendor] ?? []) {
      if (targets[kind] !== undefined || !(await deps.crm.describe(tenantId, id, object))) continue;
      targets[kind] = object;
      await api.ensureFields?.(object, neededFields(deps, installation, kind, object));
    }
  }
  deps.crm.forgetDescriptions(id);
  const people = await api.people();
  const ready = { ...installation, targets };
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.savePeople(people.map((person) => ({ ...person, installationId: id })));
    await tx.saveInstallation(ready);
  });
  return ready;
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
