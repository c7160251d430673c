import assert from 'node:assert/strict';
import { parseWebhooks } from '../../../../connectors/hubspot/inbound.ts';
import { Invalid } from '../../../../protocol/errors.ts';

const base = {
  eventId: 100,
  subscriptionId: 5,
  portalId: 8_801_001,
  appId: 42,
  occurredAt: 1_700_000_000_123,
  attemptNumber: 0,
  changeSource: 'CRM_UI',
  sourceId: 'userId:77',
};
const stage = {
  ...base,
  subscriptionType: 'object.propertyChange',
  objectTypeId: '0-3',
  objectId: 9_007_001,
  propertyName: 'dealstage',
  propertyValue: 'qualifiedtobuy',
};
const parse = (...events: object[]) => parseWebhooks(Buffer.from(JSON.stringify(events)), '42');

describe('HubSpot webhooks', () => {
  it('reads a generic property change', () => {
    const [only, ...rest] = parse(stage);
    assert.deepEqual(rest, []);
    assert.equal(only?.accountId, '8801001');
    assert.deepEqual(
      { ...only?.event, key: undefined },
      {
        key: undefined,
        object: 'deals',
        externalId: '9007001',
        change: 'updated',
        values: { dealstage: 'qualifiedtobuy' },
        occurredAt_ms: 1_700_000_000_123,
        author: { kind: 'person', userId: '77' },
        own: false,
        lane: 'event',
      },
    );
  });

  it('gives retries one key, and distinct events that share an event id two', () => {
    const keyOf = (more: object): string | undefined => parse({ ...stage, ...more })[0]?.event.key;
    assert.equal(keyOf({ attemptNumber: 3, subscriptionId: 6 }), keyOf({}));
    const others = [{ propertyName: 'amount' }, { objectId: 1 }, { occurredAt: 1 }, { portalId: 2 }, { eventId: 101 }];
    assert.equal(new Set([{}, ...others].map(keyOf)).size, others.length + 1);
  });

  it('knows every object by type id or name, and leaves others out', () => {
    const objects = [{ objectTypeId: '0-1' }, { objectTypeId: '0-2' }, { objectTypeId: '0-46' }].map(
      (more) => parse({ ...stage, ...more })[0]?.event.object,
    );
    assert.deepEqual(objects, ['contacts', 'companies', 'notes']);
    const { objectTypeId, ...named } = stage;
    assert.equal(objectTypeId, '0-3');
    assert.equal(parse({ ...named, objectType: 'deal' })[0]?.event.object, 'deals');
    assert.deepEqual(
      parse({ ...stage, objectTypeId: '0-5' }, { ...base, subscriptionType: 'conversation.creation' }),
      [],
    );
  });

  it('reads creation, deletion, restore and privacy deletion', () => {
    const kinds = ['creation', 'deletion', 'restore'].map(
      (kind) =>
        parse({ ...base, subscriptionType: `object.${kind}`, objectTypeId: '0-1', objectId: 5 })[0]?.event.change,
    );
    assert.deepEqual(kinds, ['created', 'deleted', 'restored']);
    const [erased] = parse({ ...base, subscriptionType: 'contact.privacyDeletion', objectId: 5 });
    assert.deepEqual([erased?.event.object, erased?.event.change], ['contacts', 'erased']);
  });

  it('tells an association change to both ends that are ours', () => {
    const pair = {
      fromObjectTypeId: '0-3',
      toObjectTypeId: '0-1',
      fromObjectId: 3,
      toObjectId: 1,
      associationTypeId: 3,
    };
    const both = parse({ ...base, subscriptionType: 'object.associationChange', ...pair });
    assert.deepEqual(
      both.map(({ event }) => [event.object, event.externalId, event.change]),
      [
        ['deals', '3', 'associated'],
        ['contacts', '1', 'associated'],
      ],
    );
    const one = parse({ ...base, subscriptionType: 'object.associationChange', ...pair, toObjectTypeId: '0-5' });
    assert.deepEqual(
      one.map(({ event }) => event.object),
      ['deals'],
    );
  });

  it('names every id of a merge, the survivor first', () => {
    const ids = { primaryObjectId: 1, mergedObjectIds: [2, 3], newObjectId: 9 };
    const events = parse({ ...base, subscriptionType: 'object.merge', objectTypeId: '0-1', ...ids });
    assert.deepEqual(
      events.map(({ event }) => [event.externalId, event.change, event.values]),
      [
        ['9', 'merged', { hs_merged_object_ids: '2;3;1' }],
        ['2', 'merged', {}],
        ['3', 'merged', {}],
        ['1', 'merged', {}],
      ],
    );
    assert.equal(new Set(events.map(({ event }) => event.key)).size, 4);
  });

  it('says who made the change', () => {
    const author = (more: object) => {
      const [found] = parse({ ...stage, ...more });
      return [found?.event.author.kind, found?.event.own];
    };
    assert.deepEqual(author({ changeSource: 'INTEGRATION', sourceId: '42' }), ['rapport', true]);
    assert.deepEqual(author({ changeSource: 'INTEGRATION', sourceId: '43' }), ['automation', false]);
    assert.deepEqual(author({ changeSource: 'AUTOMATION_PLATFORM', sourceId: 'enrollmentId:1' }), [
      'automation',
      false,
    ]);
    assert.deepEqual(author({ changeSource: undefined, sourceId: undefined }), ['unknown', false]);
  });

  it('reads an emptied property as cleared, and keeps a sensitive value out', () => {
    assert.deepEqual(parse({ ...stage, propertyValue: '' })[0]?.event.values, { dealstage: null });
    assert.deepEqual(parse({ ...stage, isSensitive: true })[0]?.event.values, {});
  });

  it('throws Invalid on what is no list of events', () => {
    for (const body of ['', '{', '{}', '[1]', '[{}]', '[{"portalId":1,"occurredAt":"x","subscriptionType":"a.b"}]']) {
      assert.throws(() => parseWebhooks(Buffer.from(body), '42'), Invalid, body);
    }
  });
});
