import type { House } from '../kit/house.ts';
import type { Pair } from '../kit/pairs.ts';

/** Deals whose move to the stage of the trigger starts research, of those that are in both CRMs. */
export async function movable(house: House, pairs: readonly Pair[]): Promise<Pair[]> {
  const rows = await house.sql<{ id: string }>(
    `select id from record where kind = 'deal' and fields->>'stage' <> 'qualifiedtobuy' and fields->>'company' is not null`,
  );
  const ids = new Set(rows.map(({ id }) => id));
  return pairs.filter(({ recordId }) => ids.has(recordId));
}

/** Starts research as a person does: by moving the deal. */
export function move(house: House, { hubspot }: Pair): Promise<void> {
  return house.people.a.hubspot.update('deals', hubspot, { dealstage: 'qualifiedtobuy' });
}

/** How many notes a tenant's portal has, whoever wrote them. */
export async function notesOf(house: House): Promise<number> {
  return (await house.people.a.hubspot.list('notes', ['rapport_id'])).length;
}

/** What is wrong at rest with the runs of the deals that were moved: each has one, that succeeded, and one report in each CRM. */
export async function researchFaults(house: House, moved: readonly Pair[], notesBefore: number): Promise<string[]> {
  const faults: string[] = [];
  const runs = await house.sql<{ id: string; record: string; state: string; message: string | null }>(
    `select id, record_id as record, state, message from run order by queued_at_ms`,
  );
  const reports = await house.people.a.salesforce.query('SELECT Id, Opportunity__c FROM Research_Report__c');
  for (const { recordId, salesforce, hubspot } of moved) {
    const own = runs.filter(({ record }) => record === recordId);
    const told = own.map(({ id, state, message }) => `${id} ${state} ${message ?? ''}`.trim()).join(', ');
    if (own.length !== 1 || own[0]?.state !== 'succeeded')
      faults.push(`deal ${hubspot}: one run that succeeded is wanted, there are ${own.length}: ${told}`);
    const filed = reports.filter((row) => row['Opportunity__c'] === salesforce);
    if (filed.length !== 1)
      faults.push(`opportunity ${salesforce} has ${filed.length} reports: ${filed.map(({ Id }) => Id).join(', ')}`);
  }
  if (runs.length !== moved.length) faults.push(`there are ${runs.length} runs for ${moved.length} moved deals`);
  const notes = (await notesOf(house)) - notesBefore;
  if (notes !== moved.length) faults.push(`HubSpot has ${notes} new notes for ${moved.length} reports`);
  return faults;
}
