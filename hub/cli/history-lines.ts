import type { Cause } from '../../protocol/nouns.ts';
import type { FieldHistory, RecordHistory } from '../view/record-history.ts';
import { shownValue } from './shown-value.ts';

const becauseTexts: Readonly<Record<Cause['lane'], string>> = {
  event: 'an edit, told by an event of the CRM',
  poll: 'an edit, found by asking what changed',
  sweep: 'an edit, found by comparing all rows',
  first: 'what stood there when the row was first read',
  run: 'a result of a job',
  restore: 'given back by the operator',
};

/** The history as people read it, a line each. A field that never had a value has no line, unless it was asked for. */
export function historyLines(history: RecordHistory, asked: string | undefined): string[] {
  const fields = history.fields.filter((one) => (asked === undefined ? hasStory(one) : one.field === asked));
  const called = history.name === '' ? '' : ` ${JSON.stringify(history.name)}`;
  return [
    `${history.kind}${called} ${history.recordId} (${history.tenantId})`,
    ...fields.flatMap((field) => fieldLines(history, field)),
  ];
}

function hasStory({ value, changes, lost, parked }: FieldHistory): boolean {
  return value !== null || changes.length + lost.length + parked.length > 0;
}

function fieldLines(
  { tenantId, names }: RecordHistory,
  { field, value, changes, lost, parked }: FieldHistory,
): string[] {
  return [
    `${field}: ${shownValue(value, names)}`,
    ...changes.map(
      ({ at, by, name, side, because, before }) =>
        `  ${at} ${name ?? by} in ${side}, ${becauseTexts[because]}: was ${shownValue(before, names)}`,
    ),
    ...(changes.length === 0 && value !== null ? ['  as first seen'] : []),
    ...lost.map(
      (one) =>
        `  ${one.at} lost ${shownValue(one.value, names)} of ${one.side} (${reasonTexts[one.reason]}): rapport restore ${tenantId} ${one.id}`,
    ),
    ...parked.map((one) => `  waits at ${one.installationId}: ${one.cause}. ${one.detail} ${one.remedy}`),
  ];
}

const reasonTexts: Readonly<Record<FieldHistory['lost'][number]['reason'], string>> = {
  rule: 'both sides changed it, the rule of the field decided',
  overwritten: 'written over before it was read',
  merged: 'two records became one',
};
