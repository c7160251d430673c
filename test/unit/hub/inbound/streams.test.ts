import assert from 'node:assert/strict';
import { Streams, type StreamDeps } from '../../../../hub/inbound/streams.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { Gone, LeaseLost, RetryLater } from '../../../../protocol/errors.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import type { LeaseKey } from '../../../../protocol/ports/leases.ts';
import type { InboxBatch, TenantTx } from '../../../../protocol/ports/store.ts';
import type { VendorGap } from '../../../../protocol/vendor-event.ts';
import { LeasesInMemory } from '../../../kit/leases-in-memory.ts';
import { VirtualClock } from '../runs/virtual-clock.ts';

const hour_ms = 3_600_000;
const start_ms = 100 * hour_ms;

describe('hub/inbound Streams', () => {
  const account = (tenantId: string): Installation => ({
    tenantId,
    id: 'sf',
    vendor: 'salesforce',
    accountId: `org-${tenantId}`,
    state: 'writing',
    confirmed: true,
    targets: {},
    timeZone: null,
    brokenReason: null,
  });
  const key = (tenantId: string): LeaseKey => ({ tenantId, installationId: 'sf', what: 'stream' });
  const settle = async (): Promise<void> => {
    for (let turn = 0; turn < 5; turn += 1) await new Promise<void>((resolve) => setImmediate(resolve));
  };

  /** Processes that share leases and accounts; their streams say whose they are while they are open. */
  const rig = (gaps: VendorGap[] = []) => {
    const clock = new VirtualClock(start_ms);
    const leases = new LeasesInMemory();
    const accounts = new Map<string, Installation>();
    const open: string[] = [];
    const stored: InboxBatch[] = [];
    const marked: unknown[] = [];
    let receive = async (batch: InboxBatch): Promise<void> => void stored.push(batch);
    const process = (holder: string): Streams => {
      const apiOf = (tenantId: string): Pick<CrmApi, 'stream'> => ({
        stream: async (options) => {
          open.push(`${holder}:${tenantId}`);
          try {
            await options.onBatch({ events: [], gaps, cursor: '7' });
            await new Promise<void>((resolve) => options.signal.addEventListener('abort', () => resolve()));
          } finally {
            open.splice(open.indexOf(`${holder}:${tenantId}`), 1);
          }
        },
      });
      const tx = (tenantId: string): unknown => ({
        installations: async () => [accounts.get(tenantId)].filter((one) => one !== undefined),
        cursor: async () => undefined,
        markDue: async (...mark: unknown[]) => void marked.push(mark),
      });
      return new Streams({
        store: {
          tenant: <T>(tenantId: string, work: (tx: TenantTx) => Promise<T>) => work(tx(tenantId) as TenantTx),
          receive: ([batch]: readonly InboxBatch[]) => receive(batch as InboxBatch),
        },
        leases,
        holder,
        bell: { ring: async () => undefined },
        crm: {
          api: async (tenantId: string) => (tenantId === 'no stream' ? {} : apiOf(tenantId)),
        },
        mapper: { kindOf: () => undefined },
        clock,
        log: { info: () => undefined, warn: () => undefined, error: () => undefined },
      } as unknown as StreamDeps);
    };
    const connect = async (tenantId: string): Promise<void> => {
      accounts.set(tenantId, account(tenantId));
      await leases.offer(key(tenantId));
    };
    const pass = async (duration_ms: number): Promise<void> => {
      for (let passed_ms = 0; passed_ms < duration_ms; passed_ms += 1_000) {
        clock.pass(1_000);
        await settle();
      }
    };
    const refuse = (work: typeof receive): void => void (receive = work);
    return { clock, leases, process, connect, pass, refuse, accounts, open, stored, marked };
  };

  it('follows each tenant’s account, also when two have one id, by one process alone', async () => {
    const { process, connect, pass, open } = rig();
    for (const tenant of ['a', 'b']) await connect(tenant);
    const both = [process('p'), process('q')];
    for (const one of both) one.start();
    await settle();
    assert.deepEqual(open.map((one) => String(one.split(':')[1])).toSorted(), ['a', 'b']);
    await pass(60_000);
    assert.equal(open.length, 2);
    await Promise.all(both.map((one) => one.stop()));
    assert.deepEqual(open, []);
  });

  it('follows an account that is connected later, and leaves one that has no stream or is disconnected', async () => {
    const { process, connect, pass, open, leases, accounts } = rig();
    const one = process('p');
    one.start();
    await settle();
    await connect('a');
    await connect('no stream');
    await pass(4_000);
    assert.deepEqual(open, ['p:a']);
    accounts.set('a', { ...account('a'), state: 'disconnected' });
    await leases.withdraw(key('a'));
    await pass(4_000);
    assert.deepEqual(open, []);
    assert.deepEqual(await leases.renew('stream', { holder: 'p', now_ms: start_ms, lease_ms: 1 }), []);
    await one.stop();
  });

  it('takes over from a process that stops at once, and from one that died when its lease has passed', async () => {
    const { process, connect, pass, open, leases, clock } = rig();
    await connect('a');
    const [first, second] = [process('p'), process('q')];
    first.start();
    await settle();
    second.start();
    await pass(6_000);
    assert.deepEqual(open, ['p:a']);
    await first.stop();
    await pass(4_000);
    assert.deepEqual(open, ['q:a']);

    await connect('b');
    await leases.take(key('b'), { holder: 'dead', now_ms: clock.now_ms(), lease_ms: 6_000 });
    await pass(5_000);
    assert.deepEqual(open, ['q:a']);
    await pass(4_000);
    assert.deepEqual(open, ['q:a', 'q:b']);
    await second.stop();
  });

  it('ends a stream whose lease another process took', async () => {
    const { process, connect, pass, open, leases, clock } = rig();
    await connect('a');
    const one = process('p');
    one.start();
    await settle();
    await leases.giveBack(key('a'), 'p');
    await leases.take(key('a'), { holder: 'other', now_ms: clock.now_ms(), lease_ms: 60_000 });
    await pass(4_000);
    assert.deepEqual(open, []);
    await one.stop();
  });

  it('ends at once when its batch is refused because another follows the stream', async () => {
    const { process, connect, refuse, open } = rig();
    await connect('a');
    refuse(() => Promise.reject(new LeaseLost('another process')));
    const one = process('p');
    one.start();
    await settle();
    assert.deepEqual(open, []);
    await one.stop();
  });

  it('keeps an account whose vendor finds something gone, and opens the stream again', async () => {
    const { process, connect, refuse, pass, open, leases, stored } = rig();
    await connect('a');
    refuse(() => Promise.reject(new Gone('404')));
    const one = process('p');
    one.start();
    await settle();
    assert.deepEqual([open, leases.holderOf(key('a'))], [[], 'p']);
    refuse(async (batch) => void stored.push(batch));
    await pass(2_000);
    assert.deepEqual(open, ['p:a']);
    await one.stop();
  });

  it('opens a stream again that ended by itself', async () => {
    const { process, connect, refuse, pass, open, stored } = rig();
    await connect('a');
    refuse(() => Promise.reject(new RetryLater('down', start_ms + 1_000)));
    const one = process('p');
    one.start();
    await settle();
    assert.deepEqual(open, []);
    refuse(async (batch) => void stored.push(batch));
    await pass(2_000);
    assert.deepEqual(open, ['p:a']);
    await one.stop();
  });

  it('stores gaps with the position that leaves them behind, says whose it is, and has them polled', async () => {
    const gaps = ['Account', 'Contact', 'Account'].map((object): VendorGap => ({ object, reason: 'gap' }));
    const { process, connect, stored, marked } = rig(gaps);
    await connect('a');
    const one = process('p');
    one.start();
    await settle();
    await one.stop();
    assert.deepEqual(stored, [
      {
        tenantId: 'a',
        installationId: 'sf',
        events: [],
        cursor: { name: 'stream', value: '7' },
        gaps: ['Account', 'Contact'].map((object) => ({ object, from_ms: 28 * hour_ms })),
        streamHolder: 'p',
      },
    ]);
    assert.deepEqual(marked, [['sf', 'poll', 100 * hour_ms]]);
  });
});
