import assert from 'node:assert/strict';
import { join } from 'node:path';
import { mappedNames, mappedOnly, receive } from '../../../../hub/inbound/receive.ts';
import { loadMappings } from '../../../../mappings/load.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import type { WorkAddress } from '../../../../protocol/ports/bell.ts';
import type { InboxBatch, Store } from '../../../../protocol/ports/store.ts';
import type { VendorEvent } from '../../../../protocol/vendor-event.ts';

const mapper = createMapper(loadMappings(join(import.meta.dirname, '..', '..', '..', '..', 'mappings')));

function event(key: string, more: Partial<VendorEvent> = {}): VendorEvent {
  return {
    key,
    object: 'deals',
    externalId: '1',
    change: 'updated',
    values: { amount: '5' },
    occurredAt_ms: 1,
    author: { kind: 'unknown', userId: null },
    own: false,
    lane: 'event',
    ...more,
  };
}

describe('hub/inbound receive', () => {
  const stored: InboxBatch[] = [];
  const kept: { accountId: string | null; body: string }[] = [];
  const rung: WorkAddress[] = [];
  beforeEach(() => {
    for (const list of [stored, kept, rung]) list.length = 0;
  });
  const store = {
    route: async (_: string, accountId: string) =>
      accountId === '7' || accountId === '8'
        ? { tenantId: `t${accountId}`, installationId: `i${accountId}` }
        : undefined,
    receive: async (batches: readonly InboxBatch[]) => void stored.push(...batches),
    keepUnrouted: async ({ accountId, body }: { accountId: string | null; body: Buffer }) =>
      void kept.push({ accountId, body: body.toString() }),
  } as unknown as Store;
  const bell = { ring: async (addresses: readonly WorkAddress[]) => void rung.push(...addresses) };
  const deps = { store, bell, mapper };
  const names = mappedNames(mapper, 'hubspot');

  it('stores each account’s events as its own tenant’s, then rings', async () => {
    const result = await receive(deps, 'hubspot', [
      { accountId: '7', event: event('a') },
      { accountId: '8', event: event('b') },
      { accountId: '7', event: event('c') },
    ]);
    assert.deepEqual(result, { stored: 3, unrouted: 0 });
    assert.deepEqual(
      stored.map(({ tenantId, installationId, events }) => [tenantId, installationId, events.map(({ key }) => key)]),
      [
        ['t7', 'i7', ['a', 'c']],
        ['t8', 'i8', ['b']],
      ],
    );
    assert.deepEqual(rung, [
      { tenantId: 't7', installationId: 'i7', lane: 'observe' },
      { tenantId: 't8', installationId: 'i8', lane: 'observe' },
    ]);
  });

  it('keeps events of an account that nobody connected, without their values', async () => {
    const mixed = [
      { accountId: '9', event: event('x', { values: { dealname: 'Hush' } }) },
      { accountId: '7', event: event('a') },
    ];
    assert.deepEqual(await receive(deps, 'hubspot', mixed), { stored: 1, unrouted: 1 });
    assert.equal(kept[0]?.accountId, '9');
    assert.doesNotMatch(kept[0]?.body ?? '', /Hush/);
    assert.match(kept[0]?.body ?? '', /"externalId":"1"/);
  });

  it('lets nothing in that no mapping names', async () => {
    const values = { amount: '5', favourite_colour: 'red' };
    assert.deepEqual(mappedOnly(names, event('a', { values }))?.values, { amount: '5' });
    assert.equal(mappedOnly(names, event('a', { object: 'tickets' })), undefined);
    const unmapped = event('a', { values: { favourite_colour: 'red' } });
    assert.deepEqual(await receive(deps, 'hubspot', [{ accountId: '7', event: unmapped }]), { stored: 0, unrouted: 0 });
    assert.deepEqual([stored, rung], [[], []]);
  });

  it('takes a change without values: the row is read again anyway', () => {
    assert.ok(mappedOnly(names, event('a', { values: {} })));
    assert.ok(mappedOnly(names, event('a', { change: 'deleted', values: { secret: 'x' } })));
  });
});
