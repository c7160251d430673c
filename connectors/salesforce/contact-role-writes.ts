import { chunks } from '../../protocol/chunks.ts';
import type { RowOutcome, RowWrite } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, Rejected, Uncertain } from '../../protocol/errors.ts';
import { setChange } from '../../protocol/set-change.ts';
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

/** A written opportunity and the contacts to add to and to remove from its roles. */
interface Change {
  row: RowWrite;
  id: string;
  added: string[];
  removed: string[];
}

/**
 * Writes the `contactRoles` of written opportunities: contacts that are new since `before` get a role, the roles of those
 * that are left out are deleted, all others stay as they are. A refusal turns the row's outcome into a Rejected that names
 * the field.
 */
export async function writeContactRoles(writing: Writing): Promise<void> {
  if (writing.object !== 'Opportunity') return;
  const changes = [...writing.outcomes].flatMap(([row, outcome]): Change[] => {
    if (outcome.status !== 'ok' || !(contactRolesField.name in row.fields)) return [];
    const change = { row, id: outcome.externalId, ...setChange(row, contactRolesField.name) };
    return change.added.length + change.removed.length > 0 ? [change] : [];
  });
  for (const slice of chunks(changes, batchSize)) {
    try {
      await writeSlice(writing, slice);
    } catch (error) {
      if (!(error instanceof Error)) throw error;
      for (const { row } of slice) fail(writing, row, error);
    }
  }
}

/** Reads the roles first: a contact may have several in one opportunity, and a role is deleted by its own id. */
async function writeSlice(writing: Writing, changes: readonly Change[]): Promise<void> {
  const { calls, purpose } = writing;
  const ids = changes.map(({ id }) => id);
  const current = await contactRolesOf(calls, ids, purpose);
  const opportunityOf = new Map(changes.map(({ row, id }) => [row, id]));
  const toAdd = changes.flatMap(({ row, id, added }) => {
    const have = new Set((current.get(id) ?? []).map((role) => role.contactId));
    return added.filter((contactId) => !have.has(contactId)).map((contactId): Step => ({ row, id: contactId }));
  });
  const toDelete = changes.flatMap(({ row, id, removed }) => {
    const roles = (current.get(id) ?? []).filter((role) => removed.includes(role.contactId));
    return roles.map((role): Step => ({ row, id: role.id }));
  });
  for (const steps of chunks(toAdd, batchSize)) {
    const records = steps.map(({ row, id }) => ({
      attributes: { type: 'OpportunityContactRole' },
      OpportunityId: opportunityOf.get(row),
      ContactId: id,
    }));
    await save(writing, steps, { method: 'POST', path: '/composite/sobjects', body: { allOrNone: false, records } });
  }
  for (const steps of chunks(toDelete, batchSize)) {
    const ids = steps.map(({ id }) => id).join(',');
    await save(writing, steps, { method: 'DELETE', path: `/composite/sobjects?ids=${ids}&allOrNone=false` });
  }
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
  // The opportunity was taken: but for a role refused to one that was there before, it is read back before anything is sent again.
  const shown =
    aboutRole && row.externalId !== null
      ? new Rejected(error.message, { code, field: contactRolesField.name, cause: error })
      : new Uncertain('Salesforce took the row; its contact roles are not known to be written.', error);
  outcomes.set(row, { status: 'failed', error: shown });
}
