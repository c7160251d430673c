import type { FieldMapping } from '../../../protocol/mapping.ts';
import { formOf, nameAt, plainFields } from '../oracle-field.ts';
import { mapper, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { isParked } from './convergence.ts';
import { formIn, linkedRecords, type Linked } from './linked-records.ts';

/**
 * At rest: the values of a group stand together as some author left them together, in one row of the record. No row shows
 * the street of one author beside the town of another. A value that the CRM did not take of a group is parked.
 */
export function mixedGroups(world: World): void {
  for (const { record, kind, rows } of linkedRecords(world)) {
    const groups = new Set(plainFields(mapper.mappings, kind).flatMap((field) => field.group ?? []));
    for (const group of groups) {
      const fields = plainFields(mapper.mappings, kind).filter((field) => field.group === group);
      if (isParked(world, record.id, fields)) continue;
      const left = new Set(rows.flatMap((one) => statesLeft(one, fields)));
      for (const one of rows) {
        const shown = JSON.stringify(fields.map((field) => formIn(one, field) ?? null));
        if (one.link.state === 'live' && !one.row.archived && !left.has(shown) && !isBlank(shown))
          throw new Broken(
            'groups',
            `${kind} ${record.id}: ${group} is ${shown} at ${one.place.installationId} (${one.row.id}): nobody left it so`,
          );
      }
    }
  }
}

/** How the group stood after each transaction that was not the hub's. */
function statesLeft({ record, place, row }: Linked, fields: readonly FieldMapping[]): string[] {
  const names = fields.map((field) => nameAt(mapper.mappings, record.kind, field, place.vendor) ?? '');
  const { crm } = place.account;
  const now = new Map<string, unknown>();
  const states: string[] = [];
  for (const [index, change] of row.history.entries()) {
    const described = crm.schema.get(row.object)?.get(change.field);
    if (!described) continue;
    now.set(change.field, crm.flavour.show(described, change.after));
    const next = row.history[index + 1];
    const isLast = next?.at_ms !== change.at_ms || next.by !== change.by;
    if (!isLast || change.by.kind === 'rapport') continue;
    const state = fields.map(
      (field, at) => formOf(field, place.vendor, (now.get(names[at] ?? '') ?? null) as string | null) ?? null,
    );
    states.push(JSON.stringify(state));
  }
  return states;
}

function isBlank(state: string): boolean {
  return (JSON.parse(state) as unknown[]).every((one) => one === null);
}
