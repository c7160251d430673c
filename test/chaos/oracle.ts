import type { Entry, Ledger, Subject } from './ledger.ts';
import { kinds, objects, textOf, type Side } from './objects.ts';
import type { Row, World } from './world.ts';

const sides: readonly Side[] = ['hubspot', 'salesforce'];

/** What the hub itself remembers of a field of a record: values of its history and of its conflicts. */
export type Kept = (recordId: string, field: string) => readonly unknown[];

export interface Loss {
  text: string;
  /** Our record's id and field, where the loss is one of a value. */
  recordId?: string;
  field?: string;
}

/**
 * What is wrong at rest, with ids. Nothing acknowledged is lost: the last value of each field is on both
 * sides, and where people wrote on both sides one of theirs is, and the hub keeps the other. Nothing is made twice: of each
 * record there is one row in each CRM, by our id and by its name, and no row more than there were and people made.
 */
export function faultsOf(ledger: Ledger, world: World, before: World, kept: Kept): Loss[] {
  return [
    ...doubles(ledger, world, before).map((text) => ({ text })),
    ...ledger.entries().flatMap((entry) => lostOf(entry, world, kept) ?? []),
  ];
}

/** The row of a subject in one CRM. */
export function rowOf(subject: Subject, side: Side, world: World): Row | undefined {
  const { identity } = objects[subject.kind];
  return world[side][subject.kind].find(({ id, values }) =>
    subject.madeAs === undefined ? id === subject[side] : values[identity.name] === subject.madeAs,
  );
}

function lostOf(entry: Entry, world: World, kept: Kept): Loss | undefined {
  const { subject, field, last, agreed } = entry;
  const rows = sides.map((side) => rowOf(subject, side, world));
  const [here, there] = rows;
  // A row that is missing is told as such.
  if (!here || !there) return undefined;
  const now = rows.map((row) => row?.values[field.name] ?? '');
  const written = sides.flatMap((side) => last[side] ?? []);
  const wanted = written.length > 0 ? written : [agreed ?? ''];
  const known = new Set(kept(here.rapportId, field.name).map((value) => textOf(field, value)));
  const gone = wanted.filter((value) => value !== now[0] && !known.has(value));
  const what =
    now[0] !== now[1]
      ? 'the CRMs differ'
      : !wanted.includes(now[0] ?? '')
        ? 'lost'
        : gone.length > 0
          ? `nothing keeps "${gone.join('", "')}"`
          : undefined;
  if (what === undefined) return undefined;
  const acknowledged = sides.flatMap((side) => (last[side] === undefined ? [] : [`"${last[side]}" in ${side}`]));
  return {
    recordId: here.rapportId,
    field: field.name,
    text:
      `${subject.kind} ${here.id} / ${there.id} ${field.name}: ${what}: acknowledged was ` +
      `${acknowledged.join(' and ') || `"${agreed}" on both sides`}; there is "${now[0]}" in hubspot and "${now[1]}" in salesforce`,
  };
}

function doubles(ledger: Ledger, world: World, before: World): string[] {
  const faults: string[] = [];
  for (const side of sides)
    for (const kind of kinds) {
      const rows = world[side][kind];
      const made = ledger.made.filter((subject) => subject.kind === kind);
      const expected = before[side][kind].length + made.length;
      if (rows.length !== expected) faults.push(`${side} has ${rows.length} rows of ${kind} instead of ${expected}`);
      for (const [rapportId, same] of Map.groupBy(rows, (row) => row.rapportId))
        if (rapportId !== '' && same.length > 1)
          faults.push(`${side} has record ${rapportId} ${same.length} times: ${same.map(({ id }) => id).join(', ')}`);
      const byName = Map.groupBy(rows, (row) => row.values[objects[kind].identity.name]);
      for (const { madeAs } of made) {
        const same = byName.get(madeAs) ?? [];
        if (same.length !== 1)
          faults.push(
            `${side} has the ${kind} "${madeAs}" ${same.length} times: ${same.map(({ id }) => id).join(', ')}`,
          );
        else if (same[0]?.rapportId === '')
          faults.push(`${side} ${kind} ${same[0].id} "${madeAs}" carries no id of ours`);
      }
    }
  return faults;
}
