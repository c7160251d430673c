import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { salesforceConnector } from '../../../../connectors/salesforce/connector.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import type { VendorFields } from '../../../../protocol/fields.ts';
import type { VendorEvent, VendorGap } from '../../../../protocol/vendor-event.ts';
import { startPubsub, type Pubsub, type PubsubOptions } from '../../../../sandbox/salesforce/pubsub/pubsub.ts';
import type { RowChange } from '../../../../sandbox/salesforce/row-change.ts';
import { startSalesforce, type Salesforce } from '../../../../sandbox/salesforce/salesforce.ts';
import { orgs } from '../../../../sandbox/seed/credentials.ts';
import { systemClock } from '../../../conformance/system-clock.ts';
import { vendorContext } from '../../sandbox/seed/vendor-context.ts';

const [org] = orgs;
const purpose = { lane: 'interactive', what: 'test' } as const;
type Field = NonNullable<ReturnType<PubsubOptions['fields']>>[number];

/** A field of a change event; the row's id is in its header. */
function eventField(name: string, type: string): Field[] {
  if (name === 'Id') return [];
  const numbers: Record<string, Field['type']> = {
    currency: 'double',
    percent: 'double',
    double: 'double',
    int: 'int',
  };
  const same = type === 'date' || type === 'datetime' || type === 'boolean' ? type : 'string';
  return [{ name, type: numbers[type] ?? same }];
}

describe('The Salesforce event stream', () => {
  let context: ReturnType<typeof vendorContext>;
  let salesforce: Salesforce;
  let pubsub: Pubsub;
  let api: CrmApi;
  let events: VendorEvent[];
  let gaps: VendorGap[];
  let cursor: string | undefined;
  let stopping: AbortController;
  let running: Promise<void>;

  beforeEach(async () => {
    context = vendorContext();
    let publish: (transaction: readonly RowChange[]) => void = () => undefined;
    salesforce = await startSalesforce(context, { feed: { publish: (transaction) => publish(transaction) } });
    salesforce.seed();
    pubsub = await startPubsub(context, {
      session: (token) => salesforce.session(token),
      fields: (orgId, entity) =>
        salesforce.describe(orgId, entity)?.fields.flatMap(({ name, type }) => eventField(name, type)),
    });
    publish = (transaction) => pubsub.publish(transaction);
    api = salesforceConnector({
      loginUrl: `http://127.0.0.1:${salesforce.port}`,
      pubsubUrl: `http://127.0.0.1:${pubsub.port}`,
      clientName: 'Rapport',
      clock: systemClock,
    }).open({
      accountId: org.orgId,
      grant: { clientId: org.integration.clientId, clientSecret: org.integration.clientSecret },
      gate: { call: (_about, send) => send(() => undefined) },
      saveGrant: () => Promise.resolve(),
    });
    events = [];
    gaps = [];
    cursor = undefined;
  });
  afterEach(async () => {
    await pubsub.stop();
    await salesforce.stop();
    context.storage.close();
  });

  /** Streams from `cursor` on until `enough`; then stops. */
  async function until(
    enough: () => boolean,
    meanwhile: () => Promise<unknown> = () => Promise.resolve(),
  ): Promise<void> {
    stopping = new AbortController();
    running =
      api.stream?.({
        cursor,
        signal: stopping.signal,
        async onBatch(batch) {
          events.push(...batch.events);
          gaps.push(...batch.gaps);
          ({ cursor } = batch);
        },
      }) ?? Promise.resolve();
    await sleep(150);
    await meanwhile();
    for (let waited_ms = 0; !enough() && waited_ms < 3000; waited_ms += 10) await sleep(10);
    stopping.abort();
    await running;
    assert.ok(enough(), `waited in vain; saw ${JSON.stringify(events)} ${JSON.stringify(gaps)}`);
  }

  const write = async (object: string, externalId: string | null, fields: VendorFields, before: VendorFields = {}) => {
    const row = { recordId: crypto.randomUUID(), externalId, fields, before };
    const [outcome] = await api.write(object, 'Rapport_Id__c', [row], [], purpose);
    assert.equal(outcome?.status, 'ok', JSON.stringify(outcome));
    return outcome?.status === 'ok' ? outcome.externalId : '';
  };
  const deal = { Name: 'Deal', StageName: 'Prospecting', CloseDate: '2027-01-31' };

  it('tells our own write as ours, with its values', async () => {
    let id = '';
    await until(
      () => events.some((one) => one.externalId === id && one.change === 'created'),
      async () => void (id = await write('Opportunity', null, deal)),
    );
    const found = events.find((one) => one.externalId === id);
    assert.equal(found?.object, 'Opportunity');
    assert.deepEqual([found.own, found.author.kind], [true, 'rapport']);
    assert.deepEqual([found.values['StageName'], found.values['CloseDate']], ['Prospecting', '2027-01-31']);
  });

  it('goes on from the stored cursor, and turns contact roles into their opportunity, deleted ones too', async () => {
    let [id, contact] = ['', ''];
    await until(
      () => events.some((one) => one.externalId === id),
      async () => {
        contact = await write('Contact', null, { LastName: 'Someone' });
        id = await write('Opportunity', null, deal);
      },
    );
    events = [];
    await write('Opportunity', id, { contactRoles: [contact] });
    const associated = (): boolean => events.some((one) => one.change === 'associated' && one.externalId === id);
    await until(associated);
    events = [];
    await write('Opportunity', id, { contactRoles: [] }, { contactRoles: [contact] });
    await until(associated);
    assert.ok(events.every((one) => one.object === 'Opportunity'));
  });

  it('gets a new session when the old one has run out', async () => {
    await api.people();
    context.faults.arm({ name: 'stream.end', params: { code: 'UNAUTHENTICATED' } });
    let id = '';
    await until(
      () => events.some((one) => one.externalId === id),
      async () => void (id = await write('Account', null, { Name: 'Later' })),
    );
    assert.deepEqual(context.faults.list(), []);
  });

  it('turns an expired cursor into gaps, and goes on with what is kept', async () => {
    await until(
      () => cursor !== undefined,
      () => write('Account', null, { Name: 'First' }),
    );
    context.clock.advance(80 * 3_600_000);
    const kept = await write('Account', null, { Name: 'Kept' });
    events = [];
    await until(() => gaps.length > 0 && events.some((one) => one.externalId === kept));
    assert.deepEqual(
      gaps,
      ['Account', 'Contact', 'Opportunity'].map((object) => ({ object, reason: 'expired' })),
    );
  });
});
