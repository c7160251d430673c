import assert from 'node:assert/strict';
import { longId, normaliseId, recordId } from '../../../../sandbox/salesforce/record-id.ts';

describe('Salesforce record ids', () => {
  // Recorded ids: CumulusCI rest-upsert cassettes.
  for (const id of ['0015500001QdQWaAAN', '0035500001H9kZuAAJ', '0035500001H9kZxAAJ', '0057e00000RmwSWAAZ']) {
    it(`derives the last three characters of ${id}`, () => assert.equal(longId(id.slice(0, 15)), id));
  }

  it('reads both lengths and refuses everything else', () => {
    assert.equal(normaliseId('0015500001QdQWa'), '0015500001QdQWaAAN');
    assert.equal(normaliseId('0015500001QdQWaAAN'), '0015500001QdQWaAAN');
    for (const bad of ['0015500001QdQWaAAX', '0015500001QdQW', '', '0015500001QdQW-', 'x'.repeat(19)]) {
      assert.equal(normaliseId(bad), undefined, bad);
    }
  });

  it('counts in 18 characters, each different', () => {
    const ids = new Set(Array.from({ length: 5000 }, (_, index) => recordId('a00', index + 1)));
    assert.equal(ids.size, 5000);
    for (const id of ids) assert.equal(normaliseId(id), id);
  });
});
