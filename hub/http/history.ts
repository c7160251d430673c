import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';
import type { Author } from '../../protocol/nouns.ts';
import type { ChangeSet } from '../../protocol/ports/store.ts';
import { objectsOf } from '../sync/reach.ts';
import { restoreConflict } from '../sync/restore-conflict.ts';
import { undoChanges, type Undone, type UndoneField } from '../sync/undo-changes.ts';
import { readHistory, type RecordHistory } from '../view/record-history.ts';
import { recordNames, textsIn } from '../view/record-names.ts';
import { jsonBody } from './json-body.ts';
import { checkTenant, name, operatorRoute, queryOf, type OperatorDeps } from './operator-route.ts';
import type { Route } from './route.ts';

/** The answer of `POST /api/changes/undo`. Unless it is confirmed, with the first fields and what they would become. */
export interface UndoAnswer extends Undone {
  first: UndoneField[];
  /** What the records are called that `first` names or refers to. */
  names: Readonly<Record<string, string>>;
}

const fieldsShown = 20;
const operator: Author = { kind: 'person', userId: 'operator' };

const vendor = z.enum(['hubspot', 'salesforce'], { error: 'is hubspot or salesforce' });
const instant = z.iso.datetime({ offset: true, error: 'is no instant; write it as 2026-01-31T09:00:00Z' });
const askedRow = z.strictObject({ vendor, account: name, object: name, id: name });
const askedRestore = z.strictObject({ tenant: name, id: name });
const askedUndo = z.strictObject({
  tenant: name,
  from: instant,
  to: instant,
  side: z.enum(['hubspot', 'salesforce', 'hub'], { error: 'is hubspot, salesforce or hub' }).optional(),
  user: name.optional(),
  field: name.optional(),
  confirm: z.boolean(),
});

/** Why a value is what it is, and taking things back: for the operator. */
export function historyRoutes(deps: OperatorDeps): Route[] {
  return [
    operatorRoute(deps, 'GET', '/api/history', async (_, query) => history(deps, queryOf(query, askedRow))),
    operatorRoute(deps, 'POST', '/api/conflicts/restore', async (body) => {
      const { tenant, id } = jsonBody(body(), askedRestore);
      await checkTenant(deps.store, tenant);
      return restoreConflict(deps, tenant, id, operator);
    }),
    operatorRoute(deps, 'POST', '/api/changes/undo', async (body): Promise<UndoAnswer> => {
      const { tenant, confirm, ...asked } = jsonBody(body(), askedUndo);
      await checkTenant(deps.store, tenant);
      return undo(deps, tenant, changeSet(asked), confirm);
    }),
  ];
}

/** Throws Invalid that says what there is instead, as far as the names go together. */
async function history(
  deps: OperatorDeps,
  { vendor, account, object, id }: z.infer<typeof askedRow>,
): Promise<RecordHistory> {
  const route = await deps.store.route(vendor, account);
  if (!route)
    throw new Invalid(`No account ${account} of ${vendor} is connected.`, 'Take its number from `rapport status`.');
  return deps.store.tenant(route.tenantId, async (tx) => {
    const installation = (await tx.installations()).find((one) => one.id === route.installationId);
    const objects = installation ? objectsOf(deps, installation).map((one) => one.object) : [];
    if (!objects.includes(object))
      throw new Invalid(
        `Account ${account} of ${vendor} has no object "${object}" that is synced.`,
        `Its objects are ${objects.join(', ')}.`,
      );
    const found = await readHistory(deps.mapper, tx, { ...route, object, externalId: id });
    if (!found)
      throw new Invalid(
        `No record is known for ${object} ${id} of ${vendor} ${account}.`,
        'Check the id; a row that waits for a person or a parent is listed by `rapport parked`.',
      );
    return { tenantId: route.tenantId, ...found };
  });
}

async function undo(deps: OperatorDeps, tenant: string, set: ChangeSet, confirm: boolean): Promise<UndoAnswer> {
  const first: UndoneField[] = [];
  const onField = (one: UndoneField): unknown => first.length < fieldsShown && first.push(one);
  const undone = await undoChanges(deps, tenant, set, { by: operator, dryRun: !confirm, ...(!confirm && { onField }) });
  const ids = first.flatMap(({ recordId, kind, field, from, to }) => {
    const isReference = deps.mapper.mappings.kinds[kind].fields.some((one) => one.name === field && one.to !== null);
    return [recordId, ...(isReference ? textsIn([from, to]) : [])];
  });
  const names = await deps.store.tenant(tenant, (tx) => recordNames(tx, ids));
  return { ...undone, first, names: Object.fromEntries(names) };
}

function changeSet({ from, to, side, user, field }: Omit<z.infer<typeof askedUndo>, 'tenant' | 'confirm'>): ChangeSet {
  const set = { from_ms: Date.parse(from), to_ms: Date.parse(to) };
  if (set.from_ms > set.to_ms) throw new Invalid('The stretch of time ends before it begins.', 'Swap from and to.');
  return { ...set, ...(side && { side }), ...(user && { userId: user }), ...(field && { field }) };
}
