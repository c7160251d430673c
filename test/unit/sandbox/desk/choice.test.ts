import assert from 'node:assert/strict';
import { readChoice } from '../../../../sandbox/desk/client/choice.ts';
import { parts, text } from '../../../../sandbox/desk/client/texts.ts';

describe('desk: what its address asks for', () => {
  it('takes a tenant that is there, and says when one is not', () => {
    assert.deepEqual(readChoice('?tenant=b&lang=de&hubspot=7', ['a', 'b']), {
      tenant: 'b',
      language: 'de',
      hubspotId: '7',
    });
    assert.deepEqual(readChoice('?tenant=zzz&lang=en', ['a', 'b']), {
      tenant: 'a',
      language: 'en',
      unknownTenant: 'zzz',
    });
    assert.equal(readChoice('?lang=en', ['a', 'b']).unknownTenant, undefined);
  });

  it('has its texts in both languages, with values in their places', () => {
    assert.equal(text('de', 'missing', { crm: 'HubSpot' }).startsWith('HubSpot hat diesen Deal nicht.'), true);
    assert.deepEqual(parts('de', 'hint').length, parts('en', 'hint').length);
  });
});
