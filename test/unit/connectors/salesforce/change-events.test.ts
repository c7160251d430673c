import assert from 'node:assert/strict';
import { toVendorEvents } from '../../../../connectors/salesforce/change-events.ts';
import type { ChangeEvent } from '../../../../connectors/salesforce/pubsub/change-event.ts';

const own = { clientName: 'Rapport', userId: '005int' };
const none = new Map<string, string>();

function event(more: Partial<ChangeEvent>): ChangeEvent {
  return {
    replayId: Buffer.from([1]),
    eventId: 'e1',
    entity: 'Opportunity',
    changeType: 'UPDATE',
    recordIds: ['006a'],
    changeOrigin: '',
    transactionKey: 't',
    sequenceNumber: 1,
    commitTimestamp_ms: 1_700_000_000_000,
    commitNumber: '1',
    commitUser: '005p',
    changedFields: ['StageName'],
    nulledFields: [],
    diffFields: [],
    fields: { StageName: 'Qualification' },
    isGap: false,
    isOverflow: false,
    ...more,
  };
}

describe('Salesforce change events', () => {
  it('become one hint per row', () => {
    const { events, gaps } = toVendorEvents(event({ recordIds: ['006a', '006b'] }), own, none);
    assert.deepEqual(gaps, []);
    assert.deepEqual(events[1], {
      key: 'e1|006b',
      object: 'Opportunity',
      externalId: '006b',
      change: 'updated',
      values: { StageName: 'Qualification' },
      occurredAt_ms: 1_700_000_000_000,
      author: { kind: 'person', userId: '005p' },
      own: false,
      lane: 'event',
    });
  });

  it('say what happened, gaps too', () => {
    const change = (changeType: string, more: Partial<ChangeEvent> = {}) =>
      toVendorEvents(event({ changeType, ...more }), own, none).events[0]?.change;
    assert.deepEqual(
      ['CREATE', 'UPDATE', 'DELETE', 'UNDELETE', 'GAP_UPDATE', 'GAP_DELETE', 'SNAPSHOT'].map((type) => change(type)),
      ['created', 'updated', 'deleted', 'restored', 'updated', 'deleted', 'updated'],
    );
    const overflow = event({ changeType: 'GAP_OVERFLOW', isOverflow: true, recordIds: [], entity: 'Account' });
    const gap = { object: 'Account', reason: 'overflow' };
    assert.deepEqual(toVendorEvents(overflow, own, none), { events: [], gaps: [gap] });
  });

  it('label what we did ourselves, by origin and by user', () => {
    const label = (more: Partial<ChangeEvent>) => {
      const [first] = toVendorEvents(event(more), own, none).events;
      return [first?.own, first?.author.kind];
    };
    const origin = (client: string) => `com/salesforce/api/rest/67.0;client=${client}`;
    assert.deepEqual(label({ changeOrigin: origin('Rapport'), commitUser: '005int' }), [true, 'rapport']);
    assert.deepEqual(label({ changeOrigin: origin('RapportX') }), [false, 'person']);
    assert.deepEqual(label({ changeOrigin: origin('Other'), commitUser: '005int' }), [false, 'rapport']);
    assert.deepEqual(label({ commitUser: '' }), [false, 'unknown']);
  });

  it('tell the opportunity of its contact roles', () => {
    const role = event({
      entity: 'OpportunityContactRole',
      recordIds: ['00Ka', '00Kb'],
      changeType: 'DELETE',
      fields: {},
    });
    const { events } = toVendorEvents(role, own, new Map([['00Ka', '006x']]));
    assert.deepEqual(
      events.map(({ object, externalId, change, values }) => [object, externalId, change, values]),
      [['Opportunity', '006x', 'associated', {}]],
    );
  });
});
