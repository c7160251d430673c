import assert from 'node:assert/strict';
import { encodeBitmaps } from '../../../../../sandbox/salesforce/pubsub/bitmap.ts';
import { buildEventSchema, type FieldPlace } from '../../../../../sandbox/salesforce/pubsub/event-schema.ts';

const text = (...names: string[]) => names.map((name) => ({ name, type: 'string' as const }));

function topNames(json: string): string[] {
  return (JSON.parse(json) as { fields: { name: string }[] }).fields.map(({ name }) => name);
}

describe('sandbox/salesforce/pubsub event schema', () => {
  it('opens with the header, folds addresses and a person’s name, leaves out system fields', () => {
    const fields = text('Id', 'Name', 'FirstName', 'LastName', 'MailingStreet', 'MailingCity', 'OtherStreet', 'Email');
    const { json } = buildEventSchema('Contact', [...fields, { name: 'SystemModstamp', type: 'datetime' }]);
    assert.deepEqual(topNames(json), ['ChangeEventHeader', 'Name', 'MailingAddress', 'OtherAddress', 'Email']);
  });

  it('keeps a custom field that only looks like a part of an address', () => {
    assert.deepEqual(topNames(buildEventSchema('Lead', text('Street', 'City', 'Twin_City', 'OtherCity')).json), [
      'ChangeEventHeader',
      'Address',
      'Twin_City',
      'OtherCity',
    ]);
  });

  it('names the schema by its content', () => {
    const one = buildEventSchema('Account', text('Name'));
    assert.equal(buildEventSchema('Account', text('Name')).id, one.id);
    assert.notEqual(buildEventSchema('Account', text('Name', 'Tier__c')).id, one.id);
    assert.match(one.id, /^[\w-]{22}$/);
  });

  it('writes bitmaps as the vendor documents them (event deserialization considerations)', () => {
    const top = (index: number) => ({ index, compound: undefined, part: 0 }) as FieldPlace;
    const part = (index: number, place: number) => ({ index, compound: 'X', part: place }) as FieldPlace;
    const bits = [5, 6, 7, 10, 24, 26, 29, 30].map(top);
    assert.deepEqual(encodeBitmaps([...bits, part(7, 1), part(4, 4), part(7, 2)]), ['0x650004E0', '4-0x10', '7-0x06']);
    assert.deepEqual(encodeBitmaps([]), []);
    assert.deepEqual(encodeBitmaps([top(70)]), ['0x400000000000000000']);
  });
});
