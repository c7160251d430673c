import { z } from 'zod';
import type { RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Rejected, Uncertain } from '../../protocol/errors.ts';
import { peersOf, type Peers } from './association-reads.ts';
import type { Calls } from './calls.ts';
import { chunks } from '../../protocol/chunks.ts';
import { setChange } from '../../protocol/set-change.ts';
import { isNotGranted, NotGranted, readErrorBody, translateEntry } from './errors.ts';
import { associationField, objectType, type AssociationField, type ObjectType } from './object-types.ts';
import { entries } from './rows.ts';
import { associationPath } from './version.ts';

interface Writing {
  calls: Calls;
  type: ObjectType;
  purpose: Purpose;
  outcomes: Map<RowWrite, RowOutcome>;
}

/** One pair to make or to undo. */
interface Pair {
  row: RowWrite;
  field: string;
  from: string;
  to: string;
}

/** HubSpot docs, "Associations": a batch create takes 2000 inputs. */
const writeSize = 2000;

/** The answers to `create` (LabelsBetweenObjectPair) and to `associate/default` (PublicDefaultAssociation); an archive answers nothing. */
const pairAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      fromObjectId: z.union([z.string(), z.int().transform(String)]).optional(),
      toObjectId: z.union([z.string(), z.int().transform(String)]).optional(),
      from: z.looseObject({ id: z.string() }).optional(),
      to: z.looseObject({ id: z.string() }).optional(),
    }),
  ),
  errors: entries.optional(),
});

/**
 * Writes the association pseudo-fields of the rows whose properties were taken. A refused pair turns its row's outcome
 * into a Rejected that names the pseudo-field.
 *
 * The primary company is set by its label; the former one stays, unlabelled, as when a person changes it. Clearing it
 * removes that pair. Any other single one replaces what is there. Of a set only what differs from `before` is added and
 * removed.
 */
export async function writeAssociations(writing: Writing): Promise<void> {
  const wanted = new Map<string, { field: AssociationField; rows: RowWrite[] }>();
  for (const [row, outcome] of writing.outcomes) {
    if (outcome.status !== 'ok') continue;
    for (const field of Object.keys(row.fields).flatMap((name) => associationField(name) ?? [])) {
      const group = wanted.get(field.field) ?? { field, rows: [] };
      group.rows.push(row);
      wanted.set(field.field, group);
    }
  }
  for (const { field, rows } of wanted.values()) {
    try {
      await writeField(writing, field, rows);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      const shown = error instanceof NotGranted ? error.asRefusal(field.field) : error;
      for (const row of rows) writing.outcomes.set(row, failed(row, shown));
    }
  }
}

async function writeField(writing: Writing, target: AssociationField, rows: RowWrite[]): Promise<void> {
  const { field, to, many } = target;
  const primary = !many && to === 'companies' ? writing.type.primaryCompanyTypeId : undefined;
  const changes = many ? rows.map((row) => setChange(row, field)) : await singleChanges(writing, target, rows, primary);
  const pairs = (way: 'added' | 'removed'): Pair[] =>
    rows.flatMap((row, index) =>
      (changes[index]?.[way] ?? []).map((peer) => ({ row, field, from: idOf(writing, row), to: peer })),
    );
  const [made, undone] = [pairs('added'), pairs('removed')];
  for (const slice of chunks(made, writeSize)) await make(writing, to, slice, primary);
  for (const slice of chunks(undone, writeSize)) await undo(writing, to, slice);
}

/** What makes the one peer of each row the wanted one. A primary company is only read to be cleared. */
async function singleChanges(
  writing: Writing,
  { field, to }: AssociationField,
  rows: RowWrite[],
  primary: number | undefined,
): Promise<{ added: string[]; removed: string[] }[]> {
  const { calls, type, purpose } = writing;
  const wantedOf = (row: RowWrite): string => String(row.fields[field] ?? '');
  const toRead = rows.filter((row) => primary === undefined || wantedOf(row) === '').map((row) => idOf(writing, row));
  const current = toRead.length > 0 ? await peersOf(calls, type, to, toRead, purpose) : new Map<string, Peers>();
  return rows.map((row) => {
    const peers = current.get(idOf(writing, row));
    const there = (primary === undefined ? peers?.ids : peers?.one && [peers.one]) || [];
    const wanted = wantedOf(row);
    return {
      added: wanted === '' || there.includes(wanted) ? [] : [wanted],
      removed: there.filter((id) => id !== wanted),
    };
  });
}

function idOf(writing: Writing, row: RowWrite): string {
  const outcome = writing.outcomes.get(row);
  return outcome?.status === 'ok' ? outcome.externalId : '';
}

async function make(writing: Writing, to: string, pairs: readonly Pair[], primary: number | undefined): Promise<void> {
  const { calls, type, purpose, outcomes } = writing;
  const types = [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: primary }];
  const verb = primary === undefined ? ['batch', 'associate', 'default'] : ['batch', 'create'];
  try {
    const answer = await calls.call({
      method: 'POST',
      path: associationPath(type.pathName, objectType(to).pathName, ...verb),
      body: {
        inputs: pairs.map((pair) => ({
          from: { id: pair.from },
          to: { id: pair.to },
          ...(primary !== undefined && { types }),
        })),
      },
      effect: 'write',
      object: type.name,
      count: pairs.length,
      purpose,
      answer: pairAnswer,
    });
    const done = new Set(
      answer.results.map((one) => `${one.fromObjectId ?? one.from?.id}/${one.toObjectId ?? one.to?.id}`),
    );
    for (const pair of pairs.filter(({ from, to }) => !done.has(`${from}/${to}`))) {
      const entry = answer.errors?.find((one) => JSON.stringify(one).includes(pair.to)) ?? answer.errors?.[0];
      const error = translateEntry(readErrorBody(entry), calls.clock.now_ms());
      outcomes.set(pair.row, failed(pair.row, aboutField(error, pair)));
    }
  } catch (error) {
    await halve(writing, pairs, error, (part) => make(writing, to, part, primary));
  }
}

async function undo(writing: Writing, to: string, pairs: readonly Pair[]): Promise<void> {
  const { calls, type, purpose } = writing;
  try {
    await calls.call({
      method: 'POST',
      path: associationPath(type.pathName, objectType(to).pathName, 'batch', 'archive'),
      body: { inputs: pairs.map((pair) => ({ from: { id: pair.from }, to: [{ id: pair.to }] })) },
      effect: 'write',
      object: type.name,
      count: pairs.length,
      purpose,
      answer: z.unknown(),
    });
  } catch (error) {
    // A pair that is gone already is as wanted.
    if (error instanceof Gone && pairs.length === 1) return;
    await halve(writing, pairs, error, (part) => undo(writing, to, part));
  }
}

/** A refused batch is halved until the bad pair stands alone; any other error is every row's. */
async function halve(
  { outcomes }: Writing,
  pairs: readonly Pair[],
  error: unknown,
  again: (part: readonly Pair[]) => Promise<void>,
): Promise<void> {
  if (!(error instanceof Error)) throw error;
  const refused = (error instanceof Rejected || error instanceof Gone) && !isNotGranted(error);
  if (refused && pairs.length > 1) {
    const middle = Math.ceil(pairs.length / 2);
    await again(pairs.slice(0, middle));
    await again(pairs.slice(middle));
    return;
  }
  for (const pair of pairs) outcomes.set(pair.row, failed(pair.row, aboutField(error, pair)));
}

/**
 * The row's properties were taken: whatever else became of it, it is read back before anything is sent again, so that nothing
 * goes over what people changed since. Only a refused field of a row that was there before is known to be all that is missing.
 */
function failed(row: RowWrite, error: Error): RowOutcome {
  if (error instanceof Rejected && row.externalId !== null) return { status: 'failed', error };
  const uncertain = new Uncertain('HubSpot took the row; its associations are not known to be written.', error);
  return { status: 'failed', error: uncertain };
}

/** A peer that is gone refuses the field; it says nothing about the row itself. */
function aboutField(error: Error, { field, to }: Pair): Error {
  if (!(error instanceof Rejected) && !(error instanceof Gone)) return error;
  const code = error instanceof Rejected ? error.code : 'peer_not_found';
  const { remedy } = error instanceof Rejected ? error : {};
  return new Rejected(`${field} ${to}: ${error.message}`, { code, field, remedy, cause: error });
}
