import type { FieldMapping } from '../../../protocol/mapping.ts';
import type { FaultName } from '../faults/catalogue.ts';
import { nameAt, plainFields, type Form } from '../oracle-field.ts';
import { mapper, tenantId, type World } from '../world.ts';
import { Broken } from './broken.ts';
import { isParked } from './convergence.ts';
import { canonicalForm, changesIn, formIn, linkedRecords, type Linked } from './linked-records.ts';

/** Stamps closer than this may not be told apart: the engine's own moment of 2 s, and the whole seconds of a row's stamp. */
const sameMoment_ms = 4_000;
/** An edit that comes by its row's stamp alone is seen within this; another change of the row meanwhile hides its instant. */
const seenWithin_ms = 120_000;
const hidesInstants: readonly FaultName[] = [
  'event_dropped',
  'event_late',
  'stream_cut',
  'stream_silent',
  'stream_gap',
];

interface Edit {
  one: Linked;
  form: Form;
  /** By the world's clock. */
  at_ms: number;
}

/**
 * I4, at rest, of plain fields under the rule `newest`: an edit made where all rows showed one value stays, unless somebody
 * edits again. Of two edits that knew nothing of one another the one stays whose vendor's clock says later.
 */
export function rightfulWinner(world: World): void {
  for (const { record, kind, rows } of linkedRecords(world)) {
    const live = rows.filter(({ link, row }) => link.state === 'live' && !row.archived);
    if (live.length < 2) continue;
    for (const field of plainFields(mapper.mappings, kind)) {
      if (field.rule !== 'newest' || field.group !== null || isParked(world, record.id, [field])) continue;
      const winner = winnerOf(world, live, field);
      const shown = winner && formIn(winner.one, field);
      if (winner && shown !== winner.form && !isOverwritten(world, record.id, field, winner.form))
        throw new Broken(
          'I4',
          `${kind} ${record.id}: ${field.name} is ${JSON.stringify(shown)}, and the edit ${JSON.stringify(winner.form)} at ` +
            `${winner.one.place.installationId} (${winner.one.row.id}, ${world.since(winner.at_ms)}) should have won`,
        );
    }
  }
}

/** The edit that must stand at the end; undefined where the rule leaves more than one answer. */
function winnerOf(world: World, rows: readonly Linked[], field: FieldMapping): Edit | undefined {
  const edits = rows
    .flatMap((one) =>
      changesIn(one, field)
        .filter(({ by }) => by.kind !== 'rapport')
        .map(({ form, at_ms }): Edit => ({ one, form, at_ms })),
    )
    .sort((a, b) => a.at_ms - b.at_ms);
  const [before, last] = [edits.at(-2), edits.at(-1)];
  if (!last) return undefined;
  if (agreed(rows, field, last.at_ms)) return last;
  if (!before || before.one === last.one || !agreed(rows, field, before.at_ms)) return undefined;
  const isUnaware = formAt(last.one, field, last.at_ms) === formAt(last.one, field, before.at_ms);
  const isExact = [before, last].every((edit) => isInstantKnown(world, field, edit));
  const [earlier_ms, later_ms] = [stampOf(before), stampOf(last)];
  if (!isUnaware || !isExact || Math.abs(earlier_ms - later_ms) <= sameMoment_ms) return undefined;
  return later_ms > earlier_ms ? last : before;
}

/** All rows are linked, which their carrying the hub's id shows, and show one value. */
function agreed(rows: readonly Linked[], field: FieldMapping, at_ms: number): boolean {
  const isLinked = ({ row }: Linked): boolean =>
    row.history.some((change) => change.by.kind === 'rapport' && change.at_ms < at_ms);
  return rows.every(isLinked) && new Set(rows.map((one) => formAt(one, field, at_ms))).size === 1;
}

/** What the row showed just before an instant. */
function formAt(one: Linked, field: FieldMapping, at_ms: number): Form {
  return changesIn(one, field).findLast((change) => change.at_ms < at_ms)?.form ?? null;
}

/** No other field of the row changed soon after: the row's stamp is the edit's until it is seen. */
function isInstantKnown(world: World, field: FieldMapping, { one, at_ms }: Edit): boolean {
  const name = nameAt(mapper.mappings, one.record.kind, field, one.place.vendor);
  const isQuiet = !one.row.history.some(
    (change) => change.field !== name && change.at_ms > at_ms && change.at_ms < at_ms + seenWithin_ms,
  );
  return isQuiet && hidesInstants.every((fault) => world.script.rates[fault] === undefined);
}

/** By the clock of the vendor it was made at. */
function stampOf({ one, at_ms }: Edit): number {
  return at_ms + one.place.account.crm.skew_ms;
}

/** The hub's write was under way when the edit was made, and is told of as one that only an event still showed. */
function isOverwritten(world: World, recordId: string, field: FieldMapping, form: Form): boolean {
  return [...world.store.tables(tenantId).conflicts.rows.values()].some(
    (one) =>
      one.recordId === recordId &&
      one.field === field.name &&
      one.reason === 'overwritten' &&
      canonicalForm(field, one.lost) === form,
  );
}
