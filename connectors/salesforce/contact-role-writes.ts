import { chunks } from '../../protocol/chunks.ts';
import type { RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Rejected, Uncertain } from '../../protocol/errors.ts';
import type { Calls } from './calls.ts';
import { contactRolesField, contactRolesOf } from './contact-roles.ts';
import { translateRow } from './errors.ts';
import { batchSize, saveAnswer } from './save-answer.ts';

interface Writing {
  calls: Calls;
  object: string;
  purpose: Purpose;
  outcomes: Map<RowWrite, RowOutcome>;
}

/** A role to make or to undo. */
interface Step {
  row: RowWrite;
  /** The contact to add, or the role to delete. */
  id: string;
}

/**
 * Makes the roles of written opportunities equal to their `contactRoles`: missing contacts get a role, surplus roles are
 * deleted, those that stay keep their role's name. A refusal turns the row's outcome into a Rejected that names the field.
 */
export async function writeContactRoles(writing: Writing): Promise<void> {
  if (writing.object !== 'Opportunity') return;
  const rows = [...writing.outcomes].flatMap(([row, outcome]) =>
    outcome.status === 'ok' && contactRolesField.name in row.fields ? [{ row, id: outcome.externalId }] : [],
  );
  for (const slice of chunks(rows, batchSize)) {
    try {
      await writeSlice(writing, slice);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      for (const { row } of slice) fail(writing, row, error);
    }
  }
}

async function writeSlice(writing: Writing, rows: readonly { row: RowWrite; id: string }[]): Promise<void> {
  const { calls, purpose } = writing;
  const current = await contactRolesOf(
    calls,
    rows.map(({ id }) => id),
    purpose,
  );
  const opportunityOf = new Map(rows.map(({ row, id }) => [row, id]));
  const added = rows.flatMap(({ row, id }) => {
    const have = new Set((current.get(id) ?? []).map((role) => role.contactId));
    return wantedContacts(row).flatMap((contactId): Step[] => (have.has(contactId) ? [] : [{ row, id: contactId }]));
  });
  const surplus = rows.flatMap(({ row, id }) => {
    const wanted = new Set(wantedContacts(row));
    return (current.get(id) ?? []).flatMap((role): Step[] =>
      wanted.has(role.contactId) ? [] : [{ row, id: role.id }],
    );
  });
  for (const steps of chunks(added, batchSize)) {
    const records = steps.map(({ row, id }) => ({
      attributes: { type: 'OpportunityContactRole' },
      OpportunityId: opportunityOf.get(row),
      ContactId: id,
    }));
    await save(writing, steps, { method: 'POST', path: '/composite/sobjects', body: { allOrNone: false, records } });
  }
  for (const steps of chunks(surplus, batchSize)) {
    const ids = steps.map(({ id }) => id).join(',');
    await save(writing, steps, { method: 'DELETE', path: `/composite/sobjects?ids=${ids}&allOrNone=false` });
  }
}

function wantedContacts(row: RowWrite): string[] {
  const value = row.fields[contactRolesField.name] ?? null;
  return typeof value === 'object' && value !== null ? [...value] : [];
}

async function save(
  writing: Writing,
  steps: readonly Step[],
  request: { method: 'POST' | 'DELETE'; path: string; body?: object },
): Promise<void> {
  const { calls, purpose } = writing;
  const answer = await calls.call({
    ...request,
    effect: 'write',
    object: 'OpportunityContactRole',
    count: steps.length,
    purpose,
    answer: saveAnswer,
  });
  for (const [index, { row }] of steps.entries()) {
    const said = answer[index];
    if (!said) fail(writing, row, new Uncertain('Salesforce answered the batch without a word on this role.'));
    else if (!said.success) {
      const error = translateRow(said.errors, said, calls.clock.now_ms());
      // A role that is gone already is as wanted.
      if (!(request.method === 'DELETE' && error instanceof Gone)) fail(writing, row, error);
    }
  }
}

/** A peer that is gone, or refused, says nothing about the opportunity itself. */
function fail({ outcomes }: Writing, row: RowWrite, error: Error): void {
  const aboutRole = error instanceof Rejected || error instanceof Gone;
  const code = error instanceof Rejected ? error.code : 'peer_not_found';
  const shown = aboutRole ? new Rejected(error.message, { code, field: contactRolesField.name, cause: error }) : error;
  outcomes.set(row, { status: 'failed', error: shown });
}
