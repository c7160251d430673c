import assert from 'node:assert/strict';
import avro from 'avsc';
import * as fc from 'fast-check';
import { expandBitmaps } from '../../../../../connectors/salesforce/pubsub/bitmap.ts';
import { decodeChangeEvent } from '../../../../../connectors/salesforce/pubsub/change-event.ts';
import { readEventSchema } from '../../../../../connectors/salesforce/pubsub/event-schema.ts';

const optional = (name: string, ...types: unknown[]) => ({ name, type: ['null', ...types], default: null });
const person = (name: string) => ({
  type: 'record',
  name,
  fields: ['Salutation', 'FirstName', 'LastName'].map((part) => optional(part, 'string')),
});
const list = { type: 'array', items: 'string' };
/** As GetSchema answers for an org with person accounts: a switchable name, a shared Address record, a custom address. */
const schemaJson = JSON.stringify({
  type: 'record',
  name: 'AccountChangeEvent',
  namespace: 'com.sforce.eventbus',
  fields: [
    {
      name: 'ChangeEventHeader',
      type: {
        type: 'record',
        name: 'ChangeEventHeader',
        fields: [
          ...['entityName', 'changeType', 'changeOrigin', 'transactionKey', 'commitUser'].map((name) => ({
            name,
            type: 'string',
          })),
          ...['recordIds', 'nulledFields', 'diffFields', 'changedFields'].map((name) => ({ name, type: list })),
          { name: 'sequenceNumber', type: 'int' },
          { name: 'commitTimestamp', type: 'long' },
          { name: 'commitNumber', type: 'long' },
        ],
      },
    },
    optional('Name', 'string', person('Switchable_PersonName')),
    optional('BillingAddress', {
      type: 'record',
      name: 'Address',
      fields: ['Street', 'City'].map((part) => optional(part, 'string')),
    }),
    optional('Site__c', 'Address'),
    ...['F4', 'Phone', 'F6', 'F7', 'F8'].map((name) => optional(name, 'string')),
    { ...optional('Founded__c', 'long'), doc: 'Data:DateOnly:00N' },
    { ...optional('Opened__c', 'long'), doc: 'Data:TimeOnly:00N' },
  ],
});
const schema = readEventSchema(schemaJson);
const writer = avro.Type.forSchema(JSON.parse(schemaJson) as avro.Schema);

function decode(header: object, fields: object) {
  const ChangeEventHeader = {
    entityName: 'Account',
    changeType: 'UPDATE',
    changeOrigin: '',
    transactionKey: 't',
    commitUser: 'u',
    recordIds: ['001'],
    nulledFields: [],
    diffFields: [],
    changedFields: [],
    sequenceNumber: 1,
    commitTimestamp: 5,
    commitNumber: 6,
    ...header,
  };
  const payload = writer.toBuffer({ ChangeEventHeader, ...fields });
  return decodeChangeEvent(schema, { id: 'e', payload }, Buffer.from([1]));
}

describe('connectors/salesforce/pubsub change event', () => {
  it('expands the vendor’s bitmaps over a schema with compounds', () => {
    const names = (...bitmaps: string[]): string[] => expandBitmaps(bitmaps, schema.fields);
    assert.deepEqual(names('0x0020', '2-0x02'), ['Phone', 'BillingCity']);
    assert.deepEqual(names('0x03'), ['Name']);
    assert.deepEqual(names('1-0x6'), ['FirstName', 'LastName']);
    assert.deepEqual(names('0x4'), ['BillingStreet', 'BillingCity']);
    assert.deepEqual(names('3-0x01'), ['Site__Street__s']);
    assert.deepEqual(names('0xFFFF0000', 'x-1', '99-0x1', '2-0xF0', ''), []);
  });

  it('never fails on a bitmap, whatever it holds', () => {
    fc.assert(fc.property(fc.array(fc.string()), (bitmaps) => Array.isArray(expandBitmaps(bitmaps, schema.fields))));
  });

  it('shows a switchable name in both its forms, dates as dates, and other longs exactly', () => {
    const business = decode(
      { changedFields: ['0x602'] },
      { Name: 'Acme', Founded__c: 86_400_000, Opened__c: 43_200_000 },
    );
    assert.deepEqual(business.fields, { Name: 'Acme', Founded__c: '1970-01-02', Opened__c: '43200000' });
    const individual = decode({ changedFields: ['1-0x2'] }, { Name: { FirstName: 'Ada' } });
    assert.deepEqual(individual.fields, { FirstName: 'Ada' });
  });

  it('takes a wildcard id and an unreadable payload for an overflow of the object', () => {
    const wildcard = decode({ recordIds: ['001*'] }, {});
    assert.deepEqual([wildcard.isOverflow, wildcard.recordIds], [true, []]);
    const broken = decodeChangeEvent(schema, { id: 'e', payload: Buffer.from('ff', 'hex') }, Buffer.from([1]));
    assert.deepEqual([broken.entity, broken.isOverflow, broken.changeType], ['Account', true, 'GAP_OVERFLOW']);
  });
});
