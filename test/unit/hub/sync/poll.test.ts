import assert from 'node:assert/strict';
import { Fault, Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { readPosition } from '../../../../hub/sync/poll-position.ts';
import { start_ms, SyncRig } from './sync-rig.ts';

const address = { tenantId: 'a', installationId: 'hs', lane: 'poll' } as const;
const minute_ms = 60_000;

describe('hub/sync poll', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
  });
  afterEach(() => rig.close());

  /** Where the walk over companies began, and how many pages it had. */
  const walk = async (): Promise<{ from_ms: number; id: string; pages: number }> => {
    rig.walks.length = 0;
    await pollOnce(rig.deps, address);
    const [first] = rig.walks;
    assert.ok(first);
    assert.ok(
      rig.walks.every(({ object }) => object === 'companies'),
      'what is not loaded yet is not polled',
    );
    return { from_ms: first.stamp_ms, id: first.id, pages: rig.walks.length };
  };
  const gap = (from_ms: number): Promise<void> =>
    rig.deps.store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [],
        cursor: { name: 'stream', value: 'x' },
        gaps: [{ object: 'companies', from_ms }],
      },
    ]);
  const stored = (name: string): Promise<string | undefined> => rig.tx((tx) => tx.cursor('hs', name));

  it('begins with the vendor’s own stamps, however far its clock is from ours', async () => {
    rig.put('companies', '1', { name: 'One' }, { stamp_ms: start_ms - 3_600_000 });
    assert.equal((await walk()).from_ms, 0);
    assert.equal(await rig.waiting(), 1);
  });

  it('reads a bulk with one stamp again only as long as the overlap', async () => {
    for (let id = 1; id <= 9; id += 1) rig.put('companies', String(id), { name: 'Bulk' });
    await walk();
    rig.clock.set(start_ms + minute_ms);
    assert.deepEqual(await walk(), { from_ms: start_ms - 2 * minute_ms, id: '', pages: 5 });
    rig.clock.set(start_ms + 3 * minute_ms);
    assert.equal((await walk()).pages, 5, 'once more, a whole walk later than the overlap');
    assert.deepEqual(await walk(), { from_ms: start_ms, id: '9', pages: 1 });
    rig.put('companies', '10', { name: 'Later' });
    assert.equal((await walk()).pages, 1);
    assert.equal((await walk()).from_ms, start_ms + minute_ms, 'a newer row has an overlap of its own');
  });

  it('closes a gap once, from the oldest instant told of, and keeps its own position', async () => {
    rig.put('companies', '1', { name: 'One' });
    await walk();
    const newest = async (): Promise<unknown> => readPosition(await stored('poll:companies')).newest;
    const position = await newest();
    await gap(start_ms - 60 * minute_ms);
    await gap(start_ms - 30 * minute_ms);
    assert.equal((await walk()).from_ms, start_ms - 60 * minute_ms);
    assert.deepEqual(await newest(), position);
    assert.equal(await stored('gap:companies'), undefined);
    assert.equal((await walk()).from_ms, start_ms - 2 * minute_ms);
  });

  it('a gap later than the position never moves the walk forward', async () => {
    rig.put('companies', '1', { name: 'One' });
    await walk();
    await gap(start_ms + 60 * minute_ms);
    assert.equal((await walk()).from_ms, start_ms - 2 * minute_ms);
  });

  it('keeps a gap that grew while it was closed', async () => {
    await gap(start_ms - minute_ms);
    const api = await rig.deps.crm.api('a', 'hs');
    const changedSince = api.changedSince.bind(api);
    let told = false;
    api.changedSince = async (...parameters) => {
      if (!told) await gap(start_ms - 50 * minute_ms);
      told = true;
      return changedSince(...parameters);
    };
    await pollOnce(rig.deps, address);
    assert.equal(await stored('gap:companies'), String(start_ms - 50 * minute_ms));
  });

  it('shows the account as answering again, and changes nothing else of it', async () => {
    const installation = async () => (await rig.tx((tx) => tx.installations())).find((one) => one.id === 'hs');
    await rig.tx((tx) => tx.updateInstallation('hs', { brokenReason: 'revoked', state: 'linking' }));
    const api = await rig.deps.crm.api('a', 'hs');
    const changedSince = api.changedSince.bind(api);
    api.changedSince = async (...parameters) => {
      await rig.tx((tx) => tx.updateInstallation('hs', { state: 'writing' }));
      return changedSince(...parameters);
    };
    await pollOnce(rig.deps, address);
    assert.deepEqual([(await installation())?.brokenReason, (await installation())?.state], [null, 'writing']);
  });

  describe('a walk longer than a call', () => {
    const pageTakes_ms = 900;
    const api = async (): Promise<CrmApi> => rig.deps.crm.api('a', 'hs');
    /** Every page takes the vendor some time. */
    const slowPages = async (): Promise<void> => {
      const opened = await api();
      const changedSince = opened.changedSince.bind(opened);
      opened.changedSince = async (...parameters) => {
        const page = await changedSince(...parameters);
        rig.clock.set(rig.clock.now_ms() + pageTakes_ms);
        return page;
      };
    };
    const bulk = (object: string, count: number): void => {
      for (let id = 1; id <= count; id += 1) rig.put(object, String(id).padStart(3, '0'), { name: 'Bulk' });
    };

    it('goes on with the next call, a slice at a time, and sees every row of one stamp', async () => {
      bulk('companies', 41);
      await slowPages();
      const pagesOfCalls: number[] = [];
      for (let next_ms: number | undefined = 0; next_ms !== undefined && next_ms <= rig.clock.now_ms();) {
        rig.walks.length = 0;
        next_ms = await pollOnce(rig.deps, address);
        pagesOfCalls.push(rig.walks.length);
        assert.ok(pagesOfCalls.length < 50, 'the walk comes to its end');
      }
      assert.ok(pagesOfCalls.length > 3 && Math.max(...pagesOfCalls) <= 3, String(pagesOfCalls));
      assert.equal(
        pagesOfCalls.reduce((sum, pages) => sum + pages, 0),
        21,
        'no page is read twice',
      );
      assert.equal(await rig.waiting(), 41);
    });

    it('a call that is killed loses nothing: the next begins behind the rows that are stored', async () => {
      bulk('companies', 9);
      const { store } = rig.deps;
      let stored = 0;
      const receive: typeof store.receive = async (batches) => {
        if ((stored += 1) === 3) throw new Error('killed');
        return store.receive(batches);
      };
      rig.deps.store = { ...store, receive };
      await pollOnce(rig.deps, address);
      rig.clock.set(rig.clock.now_ms() + minute_ms);
      rig.walks.length = 0;
      await pollOnce(rig.deps, address);
      assert.deepEqual(rig.walks[0], { object: 'companies', stamp_ms: start_ms, id: '004' });
      assert.equal(await rig.waiting(), 9);
    });

    it('the overlap grows by the time that the walk took, in which rows may have been late', async () => {
      bulk('companies', 9);
      await slowPages();
      while (((await pollOnce(rig.deps, address)) as number) <= rig.clock.now_ms());
      rig.clock.set(rig.clock.now_ms() + minute_ms);
      const took_ms = 5 * pageTakes_ms;
      assert.equal((await walk()).from_ms, start_ms - 2 * minute_ms - took_ms);
    });

    it('keeps no other object waiting: they take turns', async () => {
      await rig.tx((tx) => tx.saveCursor('hs', 'backfill:contacts', 'done'));
      bulk('companies', 41);
      bulk('contacts', 1);
      await slowPages();
      await pollOnce(rig.deps, address);
      assert.ok(rig.walks.some(({ object }) => object === 'contacts'));
      rig.walks.length = 0;
      await pollOnce(rig.deps, address);
      assert.ok(
        rig.walks.every(({ object }) => object === 'companies'),
        'whose walk is whole waits until the next',
      );
    });
  });

  describe('an object that cannot be read', () => {
    const failing = async (error: Error): Promise<void> => {
      await rig.tx((tx) => tx.saveCursor('hs', 'backfill:contacts', 'done'));
      const api = await rig.deps.crm.api('a', 'hs');
      const changedSince = api.changedSince.bind(api);
      api.changedSince = async (object, ...rest) => {
        const page = await changedSince(object, ...rest);
        if (object === 'companies') throw error;
        return page;
      };
    };

    it('holds up no other, and is tried again ever more seldom', async () => {
      await failing(new Fault('unreadable answer'));
      rig.put('contacts', '1', { email: 'one@one.example' });
      const pauses: number[] = [];
      for (let round = 0; round < 8; round += 1) {
        const tried_ms = rig.clock.now_ms();
        rig.walks.length = 0;
        while (!rig.walks.some(({ object }) => object === 'companies'))
          rig.clock.set((await pollOnce(rig.deps, address)) as number);
        pauses.push(rig.clock.now_ms() - tried_ms);
      }
      assert.equal(await rig.waiting(), 1);
      assert.ok((pauses[0] as number) <= 2_000 && Math.max(...pauses) >= 60_000, String(pauses));
    });

    it('that a busy vendor asks to spare is spared, and the others are read', async () => {
      await failing(new RetryLater('busy', start_ms + 10_000));
      assert.equal(await pollOnce(rig.deps, address), start_ms + 10_000);
      assert.ok(rig.walks.some(({ object }) => object === 'contacts'));
      rig.walks.length = 0;
      rig.clock.set(start_ms + 9_000);
      await pollOnce(rig.deps, address);
      assert.ok(!rig.walks.some(({ object }) => object === 'companies'));
    });

    it('a grant that is broken ends the call: it is the whole account’s', async () => {
      await failing(new Reconnect('revoked'));
      await assert.rejects(pollOnce(rig.deps, address), Reconnect);
    });
  });
});
