import assert from 'node:assert/strict';
import { Streams, type StreamDeps } from '../../../../hub/inbound/streams.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import type { InboxBatch, TenantTx } from '../../../../protocol/ports/store.ts';
import type { VendorGap } from '../../../../protocol/vendor-event.ts';

const hour_ms = 3_600_000;

describe('hub/inbound Streams', () => {
  const followed = (tenantId: string): Installation => ({
    tenantId,
    id: 'sf',
    vendor: 'salesforce',
    accountId: `org-${tenantId}`,
    state: 'writing',
    confirmed: true,
    targets: {},
    brokenReason: null,
  });
  const rig = (gaps: VendorGap[] = []) => {
    const opened: string[] = [];
    const stored: InboxBatch[] = [];
    const marked: unknown[] = [];
    const api: Pick<CrmApi, 'stream'> = {
      stream: async (options) => {
        await options.onBatch({ events: [], gaps, cursor: '7' });
        await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
      },
    };
    const tx = {
      cursor: async () => undefined,
      markDue: async (...mark: unknown[]) => void marked.push(mark),
    } as unknown as TenantTx;
    const deps = {
      store: {
        tenant: <T>(_: string, work: (tx: TenantTx) => Promise<T>) => work(tx),
        receive: async (batches: readonly InboxBatch[]) => void stored.push(...batches),
      },
      bell: { ring: async () => undefined },
      crm: {
        api: async (tenantId: string, id: string) => {
          opened.push(`${tenantId}/${id}`);
          return api;
        },
      },
      mapper: { kindOf: () => undefined },
      clock: { now_ms: () => 100 * hour_ms, sleep: async () => undefined },
      log: { info: () => undefined, warn: () => undefined, error: () => undefined },
    } as unknown as StreamDeps;
    return { streams: new Streams(deps), opened, stored, marked };
  };
  const settle = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

  it('follows each tenant’s account, also when two have one id, and each once', async () => {
    const { streams, opened } = rig();
    for (const tenant of ['a', 'b', 'a']) streams.follow(followed(tenant));
    await settle();
    await streams.stop();
    assert.deepEqual(opened, ['a/sf', 'b/sf']);
  });

  it('stores gaps with the position that leaves them behind, and has them polled', async () => {
    const gaps = ['Account', 'Contact', 'Account'].map((object): VendorGap => ({ object, reason: 'gap' }));
    const { streams, stored, marked } = rig(gaps);
    streams.follow(followed('a'));
    await settle();
    await streams.stop();
    assert.deepEqual(stored, [
      {
        tenantId: 'a',
        installationId: 'sf',
        events: [],
        cursor: { name: 'stream', value: '7' },
        gaps: ['Account', 'Contact'].map((object) => ({ object, from_ms: 28 * hour_ms })),
      },
    ]);
    assert.deepEqual(marked, [['sf', 'poll', 100 * hour_ms]]);
  });
});
