import assert from 'node:assert/strict';
import type { InboxItem } from '../../../protocol/ports/store.ts';
import type { StoreRig } from './rig.ts';
import { start_ms } from './rig.ts';
import { anEvent } from './nouns.ts';

export function inboxConformance(rig: StoreRig): void {
  const take = (installationId = 'hs', now_ms = start_ms, limit = 100): Promise<InboxItem[]> =>
    rig.store.tenant('a', (tx) => tx.takeInbox(installationId, now_ms, limit));
  const keys = (items: readonly InboxItem[]): string[] => items.map(({ event }) => event.key);
  const receive = (...names: string[]): Promise<void> =>
    rig.store.receive([{ tenantId: 'a', installationId: 'hs', events: names.map((name) => anEvent(name)) }]);

  it('stores events whole and marks the installation due', async () => {
    const odd = anEvent('odd', {
      externalId: 'a/b:c',
      values: { text: 'quote\' "double" back\\slash ? $1 ü', none: null },
    });
    await rig.store.receive([
      { tenantId: 'a', installationId: 'hs', events: [odd] },
      { tenantId: 'b', installationId: 'sf', events: [anEvent('x')] },
    ]);
    const [item] = await take();
    assert.deepEqual(item?.event, odd);
    assert.equal(item?.receivedAt_ms, start_ms);
    assert.deepEqual(await rig.store.dueNow(start_ms, 10), [
      { tenantId: 'a', installationId: 'hs', lane: 'observe' },
      { tenantId: 'b', installationId: 'sf', lane: 'observe' },
    ]);
  });

  it('keeps a text that a database cannot hold, without what it cannot hold', async () => {
    await rig.store.receive([
      { tenantId: 'a', installationId: 'hs', events: [anEvent('bad', { values: { text: 'a\0b\ud800c' } })] },
    ]);
    assert.deepEqual(keys(await take()), ['bad']);
  });

  it('stores nothing for a repeat', async () => {
    await receive('e1', 'e2', 'e1');
    await receive('e1');
    await Promise.all([receive('e1', 'e3'), receive('e3', 'e1')]);
    assert.deepEqual(keys(await take()).toSorted(), ['e1', 'e2', 'e3']);
  });

  it('has everything when a call resolves, however many come at once', async () => {
    const calls = Array.from({ length: 120 }, (_, call) => call);
    await Promise.all(
      calls.map(async (call) => {
        const tenantId = call % 2 === 0 ? 'a' : 'b';
        await rig.store.receive([{ tenantId, installationId: 'hs', events: [anEvent(`e${call}`), anEvent('same')] }]);
        const items = await rig.store.tenant(tenantId, (tx) => tx.takeInbox('hs', start_ms, 1_000));
        assert.ok(keys(items).includes(`e${call}`));
      }),
    );
    assert.equal(await rig.store.tenant('a', (tx) => tx.countWaitingInbox()), 61);
  });

  it('counts once what was told twice', async () => {
    await receive('e1', 'e2');
    await receive('e1');
    assert.equal(await rig.store.tenant('a', (tx) => tx.countWaitingInbox()), 2);
    await receive('e2', 'e3');
    assert.equal((await rig.store.tenant('a', (tx) => tx.status())).inboxWaiting, 3);
    assert.deepEqual(keys(await take()).toSorted(), ['e1', 'e2', 'e3']);
  });

  it('finds what lies behind many repeats of what is done', async () => {
    await receive('e1', 'e2');
    const done = (await take()).map(({ id }) => ({ id, outcome: 'applied' as const }));
    await rig.store.tenant('a', (tx) => tx.finishInbox(done));
    for (let times = 0; times < 20; times++) await receive('e1', 'e2');
    await receive('e3');
    assert.deepEqual(keys(await take('hs', start_ms, 3)), ['e3']);
    assert.equal(await rig.store.tenant('a', (tx) => tx.countWaitingInbox()), 1);
  });

  it('shows everything to each of several that look at once', async () => {
    const names = Array.from({ length: 40 }, (_, call) => `e${call}`);
    await Promise.all(names.map((name) => receive(name, 'same')));
    const looks = await Promise.all([
      ...Array.from({ length: 4 }, async () => (await take('hs', start_ms, 100)).length),
      ...Array.from({ length: 2 }, () => rig.store.tenant('a', (tx) => tx.countWaitingInbox())),
    ]);
    assert.deepEqual(new Set(looks), new Set([41]));
  });

  it('stores a cursor with the events, also when there are none', async () => {
    await rig.store.receive([
      { tenantId: 'a', installationId: 'sf', events: [], cursor: { name: 'stream', value: '0001' } },
      { tenantId: 'b', installationId: 'sf', events: [anEvent('e')], cursor: { name: 'stream', value: '0002' } },
    ]);
    assert.equal(await rig.store.tenant('a', (tx) => tx.cursor('sf', 'stream')), '0001');
    assert.equal(await rig.store.tenant('b', (tx) => tx.cursor('sf', 'stream')), '0002');
    assert.deepEqual(
      (await rig.store.dueNow(start_ms, 10)).map(({ tenantId }) => tenantId),
      ['b'],
    );
  });

  it('gives the oldest first, of one installation, up to the limit', async () => {
    for (const key of ['e1', 'e2', 'e3']) await receive(key);
    await rig.store.receive([{ tenantId: 'a', installationId: 'sf', events: [anEvent('other')] }]);
    assert.deepEqual(keys(await take('hs', start_ms, 2)), ['e1', 'e2']);
    assert.deepEqual(keys(await take('sf')), ['other']);
  });

  it('does not give what is finished, and counts it by lane', async () => {
    await rig.store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [anEvent('e1'), anEvent('p1', { lane: 'poll' }), anEvent('p2', { lane: 'poll' }), anEvent('left')],
      },
    ]);
    const items = await take();
    const idOf = (key: string): string => items.find(({ event }) => event.key === key)?.id ?? '';
    await rig.store.tenant('a', (tx) =>
      tx.finishInbox([
        { id: idOf('e1'), outcome: 'applied' },
        { id: idOf('p1'), outcome: 'applied' },
        { id: idOf('p2'), outcome: 'no_change' },
      ]),
    );
    assert.deepEqual(keys(await take()), ['left']);
    const status = await rig.store.tenant('a', (tx) => tx.status());
    assert.equal(status.inboxWaiting, 1);
    assert.deepEqual(status.caughtBy, { event: 1, poll: 1 });
  });

  it('does not give what is postponed before its time', async () => {
    await receive('e1', 'e2');
    const items = await take();
    const first = items.find(({ event }) => event.key === 'e1');
    await rig.store.tenant('a', (tx) => tx.postponeInbox([first?.id ?? ''], start_ms + 500));
    assert.deepEqual(keys(await take('hs', start_ms + 499)), ['e2']);
    assert.deepEqual(keys(await take('hs', start_ms + 500)).toSorted(), ['e1', 'e2']);
  });

  it('counts what waits of some lanes of one installation, postponed or not', async () => {
    await rig.store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [anEvent('e'), ...['b1', 'b2', 'b3'].map((key) => anEvent(key, { lane: 'backfill' }))],
      },
      { tenantId: 'a', installationId: 'sf', events: [anEvent('other', { lane: 'backfill' })] },
      { tenantId: 'b', installationId: 'hs', events: [anEvent('theirs', { lane: 'backfill' })] },
    ]);
    const idOf = (items: readonly InboxItem[], key: string): string =>
      items.find(({ event }) => event.key === key)?.id ?? '';
    const items = await take();
    const counts = await rig.store.tenant('a', async (tx) => {
      await tx.postponeInbox([idOf(items, 'b1')], start_ms + 500);
      await tx.finishInbox([{ id: idOf(items, 'b2'), outcome: 'applied' }]);
      return [await tx.countWaitingHints('hs', ['backfill', 'sweep']), await tx.countWaitingHints('hs', ['sweep'])];
    });
    assert.deepEqual(counts, [2, 0]);
  });

  it('says of which rows something waits that may be looked at now, and is not our own', async () => {
    const rows = (tenantId: 'a' | 'b', now_ms: number): Promise<string[]> =>
      rig.store.tenant(tenantId, async (tx) =>
        (await tx.hintedRows('hs', 'deals', ['1', '2', '3', '4', '5', '6'], now_ms)).toSorted(),
      );
    const told = (externalId: string, given: Parameters<typeof anEvent>[1] = {}): ReturnType<typeof anEvent> =>
      anEvent(`e${externalId}${given.object ?? ''}`, { externalId, ...given });
    await rig.store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [told('1'), told('2'), told('3', { own: true }), told('4', { object: 'contacts' }), told('5')],
      },
      { tenantId: 'a', installationId: 'sf', events: [told('6')] },
    ]);
    const items = await take();
    const idOf = (key: string): string => items.find(({ event }) => event.key === key)?.id ?? '';
    await rig.store.tenant('a', async (tx) => {
      await tx.finishInbox([{ id: idOf('e2'), outcome: 'applied' }]);
      await tx.postponeInbox([idOf('e5')], start_ms + 500);
    });
    assert.deepEqual([await rows('a', start_ms), await rows('a', start_ms + 500)], [['1'], ['1', '5']]);
    assert.deepEqual(await rows('b', start_ms), []);
    assert.deepEqual(await rig.store.tenant('a', (tx) => tx.hintedRows('hs', 'deals', [], start_ms)), []);
  });

  it('sees of what rows tell what has just been received', async () => {
    await receive('e1');
    assert.deepEqual(await rig.store.tenant('a', (tx) => tx.hintedRows('hs', 'deals', ['7'], start_ms)), ['7']);
  });

  it('gives what waits of some rows, postponed or not, and nothing that is done', async () => {
    const events = ['1', '2', '3', '2'].map((externalId, index) => anEvent(`e${index}`, { externalId }));
    await rig.store.receive([{ tenantId: 'a', installationId: 'hs', events }]);
    const items = await take();
    const hints = (externalIds: readonly string[]): Promise<string[]> =>
      rig.store.tenant('a', async (tx) => keys(await tx.hintsOf('hs', 'deals', externalIds)));
    assert.deepEqual(await hints(['2', '3']), ['e1', 'e2', 'e3']);
    assert.deepEqual(await hints([]), []);
    await rig.store.tenant('a', async (tx) => {
      await tx.postponeInbox([items[1]?.id ?? ''], start_ms + 60_000);
      await tx.finishInbox([{ id: items[3]?.id ?? '', outcome: 'applied' }]);
    });
    assert.deepEqual(await hints(['2']), ['e1']);
    assert.deepEqual(await rig.store.tenant('b', (tx) => tx.hintsOf('hs', 'deals', ['2'])), []);
  });

  it('wakes what is postponed of some rows', async () => {
    const events = ['1', '2', '3'].map((externalId) => anEvent(`e${externalId}`, { externalId }));
    await rig.store.receive([{ tenantId: 'a', installationId: 'hs', events }]);
    const ids = (await take()).map(({ id }) => id);
    const wake = (tenantId: 'a' | 'b', externalIds: readonly string[] | 'all'): Promise<number> =>
      rig.store.tenant(tenantId, (tx) => tx.wakeInbox('hs', 'deals', externalIds, start_ms));
    await rig.store.tenant('a', (tx) => tx.postponeInbox(ids, start_ms + 60_000));
    assert.equal(await wake('b', ['1', '2']), 0);
    assert.equal(await wake('a', []), 0);
    assert.deepEqual(keys(await take()), []);
    assert.equal(await wake('a', ['1', '2']), 2);
    assert.deepEqual(keys(await take()).toSorted(), ['e1', 'e2']);
    assert.equal(await wake('a', ['1', '2']), 0, 'they are awake');
    assert.equal(await wake('b', 'all'), 0);
    assert.equal(await wake('a', 'all'), 1);
  });

  it('cannot finish or postpone what is another tenant’s', async () => {
    await receive('e1');
    const [item] = await take();
    const id = item?.id ?? '';
    await rig.store.tenant('b', async (tx) => {
      await tx.finishInbox([{ id, outcome: 'applied' }]);
      await tx.postponeInbox([id], start_ms + 500);
    });
    assert.deepEqual(keys(await take()), ['e1']);
  });

  it('takes hints of the engine with its transaction', async () => {
    await rig.store.tenant('a', (tx) => tx.addInbox('hs', [anEvent('hint', { lane: 'replay' })]));
    await assert.rejects(
      rig.store.tenant('a', async (tx) => {
        await tx.addInbox('hs', [anEvent('lost')]);
        throw new Error('halfway');
      }),
    );
    assert.deepEqual(keys(await take()), ['hint']);
  });

  it('takes empty lists', async () => {
    await rig.store.receive([]);
    await rig.store.receive([{ tenantId: 'a', installationId: 'hs', events: [] }]);
    await rig.store.tenant('a', async (tx) => {
      await tx.finishInbox([]);
      await tx.postponeInbox([], 1);
      await tx.addInbox('hs', []);
    });
    assert.deepEqual(await rig.store.dueNow(start_ms, 10), []);
  });

  it('keeps unrouted bytes', () =>
    rig.store.keepUnrouted({
      vendor: 'hubspot',
      accountId: null,
      reason: 'unreadable',
      body: Buffer.from([0, 255, 7]),
    }));
}
