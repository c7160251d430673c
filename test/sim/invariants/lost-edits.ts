import type { FieldMapping } from '../../../protocol/mapping.ts';
import type { Form } from '../oracle-field.ts';
import { plainFields } from '../oracle-field.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { canonicalForm, changesIn, linkedRecords, type Linked } from './linked-records.ts';

/**
 * I4, at rest: every value that a person or an automation put into a row is there still, or was replaced there by somebody
 * else than the hub, at once or later, or was replaced by the hub and stands in a Change or a Conflict, from which it can be
 * restored.
 */
export function lostEdits(world: World): void {
  const { changes, conflicts } = world.store.tables(tenantId);
  const history = Map.groupBy([...changes.rows.values()], (one) => `${one.recordId} ${one.field}`);
  const lost = Map.groupBy([...conflicts.rows.values()], (one) => `${one.recordId} ${one.field}`);
  for (const { record, kind, rows } of linkedRecords(world))
    for (const field of plainFields(mapper.mappings, kind)) {
      const key = `${record.id} ${field.name}`;
      const kept = new Set<Form>([
        ...(history.get(key) ?? []).flatMap(({ before, after }) => [
          canonicalForm(field, before),
          canonicalForm(field, after),
        ]),
        ...(lost.get(key) ?? []).map((one) => canonicalForm(field, one.lost)),
      ]);
      for (const one of rows)
        for (const [edit, by] of overwritten(changesIn(one, field)))
          if (!isKept(field, kept, edit.form) && wasShown(world, one, edit))
            throw new Broken(
              'I4',
              `${kind} ${record.id}: the edit ${field.name} = ${JSON.stringify(edit.form)} at ${one.place.installationId} ` +
                `(${one.row.id}, ${world.since(edit.at_ms)}) was replaced by the hub's ${JSON.stringify(by.form)} ` +
                `(${world.since(by.at_ms)}) and is kept nowhere`,
            );
    }
}

/** An event brought the edit's value to the hub. */
function wasShown(world: World, { link, place, row }: Linked, edit: Changed): boolean {
  const occurredAt_ms = edit.at_ms + place.account.crm.skew_ms;
  return world.shown.has([link.installationId, row.object, row.id, edit.field, occurredAt_ms].join(' '));
}

type Changed = ReturnType<typeof changesIn>[number];

/** A last edit, where the hub replaced it by another value, with what it wrote. */
function overwritten(changes: readonly Changed[]): [Changed, Changed][] {
  return changes.flatMap((edit, index): [Changed, Changed][] => {
    const next = changes[index + 1];
    const isLast = changes.slice(index).every(({ by }, at) => (at === 0) === (by.kind !== 'rapport'));
    return !isLast || !next || next.form === edit.form ? [] : [[edit, next]];
  });
}

/** Text that was appended to stands in what it was appended to. */
function isKept(field: FieldMapping, kept: ReadonlySet<Form>, form: Form): boolean {
  if (form === undefined || kept.has(form)) return true;
  return field.rule === 'append' && form !== null && [...kept].some((one) => one?.includes(form));
}
