import assert from 'node:assert/strict';
import { parkedLines } from '../../../../hub/cli/parked-lines.ts';
import type { ParkedShown } from '../../../../hub/view/parked-list.ts';

function entry(id: string, more: Partial<ParkedShown>): ParkedShown {
  const row = { installationId: 'hs', object: 'deals', externalId: '7', field: null, name: null };
  const why = { cause: 'missing_parent', detail: 'company 11', remedy: 'Nothing to do.', candidates: [] } as const;
  return { id, ...row, ...why, candidates: [], waitsFor: null, canRetry: false, ...more };
}

describe('hub/cli parked lines', () => {
  const unlinked = entry('p1', {
    object: 'companies',
    externalId: '11',
    cause: 'ambiguous_match',
    detail: 'id-1 id-2',
    remedy: 'Decide which record this is.',
    candidates: ['Helios Energy', 'Helios GmbH'],
    canRetry: true,
  });
  const child = entry('p2', {
    externalId: '8',
    name: 'Licence',
    field: 'company',
    waitsFor: { object: 'companies', id: '11', name: null },
  });

  it('names rows and candidates instead of our ids, and puts what waits for a row under it', () => {
    assert.deepEqual(parkedLines('t', [child, unlinked]), [
      'hs companies 11: ambiguous_match',
      '  It may be "Helios Energy" or "Helios GmbH". Decide which record this is.',
      '  Try it again with `rapport parked t --retry p1`.',
      '  1 row waits for it:',
      '    deals 8 "Licence" (company)',
    ]);
  });

  it('puts what waits for a row or record that is not in the list under one line for it', () => {
    const parent = { object: 'company', id: 'r1', name: 'Helios Energy' };
    const waiting = [
      entry('p3', { externalId: null, name: 'One', field: 'company', waitsFor: parent }),
      child,
      entry('p4', { name: 'Two', waitsFor: parent }),
    ];
    assert.deepEqual(parkedLines('t', waiting), [
      'hs company "Helios Energy": 2 rows wait for it',
      '  Nothing to do.',
      '    deals (to be created) "One" (company)',
      '    deals 7 "Two"',
      'hs companies 11: 1 row waits for it',
      '  Nothing to do.',
      '    deals 8 "Licence" (company)',
    ]);
  });

  it('at another account the same id is another row', () => {
    const lines = parkedLines('t', [unlinked, { ...child, installationId: 'other' }]);
    assert.ok(lines.includes('other companies 11: 1 row waits for it'));
  });

  it('a field that waits is named, in the vendor’s words, without stray blanks', () => {
    const lines = parkedLines('t', [
      entry('p5', { field: 'name', name: 'Licence', cause: 'too_long', detail: 'Too long.', remedy: 'Cut it.' }),
    ]);
    assert.deepEqual(lines, ['hs deals 7 "Licence" name: too_long', '  Too long. Cut it.']);
  });
});
