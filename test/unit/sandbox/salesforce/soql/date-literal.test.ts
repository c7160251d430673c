import assert from 'node:assert/strict';
import { dateLiteral } from '../../../../../sandbox/salesforce/soql/date-literal.ts';

// A Wednesday.
const now_ms = Date.parse('2026-02-11T15:04:05Z');
const day = (at_ms: number | undefined): string => new Date(at_ms ?? 0).toISOString().slice(0, 10);

describe('SOQL date literals', () => {
  // SOQL reference, date formats and date literals.
  const spans: [literal: string, from: string, to: string][] = [
    ['TODAY', '2026-02-11', '2026-02-12'],
    ['YESTERDAY', '2026-02-10', '2026-02-11'],
    ['TOMORROW', '2026-02-12', '2026-02-13'],
    ['THIS_WEEK', '2026-02-08', '2026-02-15'],
    ['LAST_WEEK', '2026-02-01', '2026-02-08'],
    ['NEXT_MONTH', '2026-03-01', '2026-04-01'],
    ['THIS_QUARTER', '2026-01-01', '2026-04-01'],
    ['LAST_QUARTER', '2025-10-01', '2026-01-01'],
    ['LAST_YEAR', '2025-01-01', '2026-01-01'],
    ['THIS_FISCAL_YEAR', '2026-01-01', '2027-01-01'],
    ['LAST_90_DAYS', '2025-11-13', '2026-02-12'],
    ['LAST_N_DAYS:3', '2026-02-08', '2026-02-12'],
    ['NEXT_N_DAYS:3', '2026-02-12', '2026-02-15'],
    ['N_DAYS_AGO:2', '2026-02-09', '2026-02-10'],
    ['LAST_N_MONTHS:2', '2025-12-01', '2026-02-01'],
    ['NEXT_N_WEEKS:1', '2026-02-15', '2026-02-22'],
  ];
  for (const [literal, from, to] of spans) {
    it(`${literal} is ${from} to ${to}`, () => {
      const span = dateLiteral(literal, now_ms);
      assert.deepEqual([day(span?.from_ms), day(span?.to_ms)], [from, to]);
    });
  }

  it('knows no other', () => {
    assert.equal(dateLiteral('LAST_N_DAYS', now_ms), undefined);
    assert.equal(dateLiteral('SOMEDAY', now_ms), undefined);
  });
});
