import assert from 'node:assert/strict';
import { historyLines } from '../../../../hub/cli/history-lines.ts';
import type { FieldHistory, RecordHistory } from '../../../../hub/view/record-history.ts';

function field(name: string, more: Partial<FieldHistory>): FieldHistory {
  return { field: name, value: null, changes: [], lost: [], parked: [], ...more };
}

describe('hub/cli history lines', () => {
  const change = { at: '2026-11-23T04:15:00.000Z', side: 'hubspot', by: 'person:7', before: null } as const;
  const history: RecordHistory = {
    tenantId: 't',
    recordId: 'r',
    kind: 'deal',
    name: 'Licence',
    names: { c1: 'Northwind', p1: 'Søren Silva' },
    fields: [
      field('company', {
        value: 'c1',
        changes: [{ ...change, name: 'Lena Vogt', because: 'event', before: 'c9', after: 'c1' }],
      }),
      field('contacts', { value: ['p1', 'p2'], changes: [{ ...change, name: null, because: 'first', after: ['p1'] }] }),
      field('description', {}),
      field('name', { value: 'Licence' }),
    ],
  };

  it('names people and records, and says in words where a value is from', () => {
    assert.deepEqual(historyLines(history, undefined), [
      'deal "Licence" r (t)',
      'company: "Northwind"',
      '  2026-11-23T04:15:00.000Z Lena Vogt in hubspot, an edit, told by an event of the CRM: was "c9"',
      'contacts: ["Søren Silva", "p2"]',
      '  2026-11-23T04:15:00.000Z person:7 in hubspot, what stood there when the row was first read: was nothing',
      'name: "Licence"',
      '  as first seen',
    ]);
  });

  it('shows a field that never had a value when it is asked for', () => {
    assert.deepEqual(historyLines(history, 'description').slice(1), ['description: nothing']);
  });
});
