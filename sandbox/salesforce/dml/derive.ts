import type { Row } from '../org/row-store.ts';
import type { Transaction } from '../org/transaction.ts';
import { stages } from '../schema/stages.ts';
import { addEmailTask } from './email-rules.ts';

export type Draft = Record<string, unknown>;

/**
 * Sets what the platform computes from a row's own values. `given` are the names the request wrote.
 * Source: object reference, Opportunity (stage gives probability and forecast unless they are given), Contact, Lead, Task.
 */
export function derive(
  tx: Transaction,
  entity: string,
  draft: Draft,
  before: Row | undefined,
  given: Set<string>,
): void {
  if (entity === 'Contact' || entity === 'Lead') {
    draft['Name'] = [draft['FirstName'], draft['LastName']].filter(Boolean).join(' ');
  }
  if (entity === 'Task') {
    draft['IsClosed'] = draft['Status'] === 'Completed';
    draft['IsHighPriority'] = draft['Priority'] === 'High';
    draft['CompletedDateTime'] = draft['IsClosed'] ? (before?.['CompletedDateTime'] ?? tx.stamp) : null;
  }
  if (entity === 'EmailMessage' && !before) draft['ActivityId'] ??= addEmailTask(tx, draft);
  if (entity === 'Opportunity') deriveOpportunity(tx, draft, before, given);
}

function deriveOpportunity(tx: Transaction, draft: Draft, before: Row | undefined, given: Set<string>): void {
  const stage = stages.find((one) => one.name === draft['StageName']);
  if (stage && draft['StageName'] !== before?.['StageName']) {
    draft['IsClosed'] = stage.isClosed;
    draft['IsWon'] = stage.isWon;
    if (!given.has('Probability')) draft['Probability'] = stage.probability;
    if (!given.has('ForecastCategoryName')) draft['ForecastCategoryName'] = stage.forecastCategoryName;
    if (before) draft['LastStageChangeDate'] = tx.stamp;
  }
  const category = stages.find((one) => one.forecastCategoryName === draft['ForecastCategoryName']);
  draft['ForecastCategory'] = category?.forecastCategory ?? null;
  const amount = draft['Amount'];
  draft['ExpectedRevenue'] =
    typeof amount === 'number' ? Number(((amount * Number(draft['Probability'] ?? 0)) / 100).toFixed(2)) : null;
}
