import assert from 'node:assert/strict';
import { longId } from '../../../../connectors/salesforce/long-id.ts';

describe('Salesforce ids of 15 characters', () => {
  // Ids as a real org and the stand-in show them in both forms.
  for (const id of ['001D000000IRFmaIAH', '0015f0000000002AAA', '003D000000QUNtqIAH'])
    it(`${id.slice(0, 15)} is ${id}`, () => assert.equal(longId(id.slice(0, 15)), id));
});
