import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { openStore } from '../../../../hub/store/open-store.ts';
import { Invalid, RetryLater } from '../../../../protocol/errors.ts';
import { testClock } from '../../../conformance/store/rig.ts';
import { filledStore, keys, sql } from './rig.ts';

describe('hub/store openStore', () => {
  it('asks to try later when the database does not answer', async () => {
    const url = 'postgres://nobody:none@127.0.0.1:1/none';
    await assert.rejects(openStore({ url, keys, clock: testClock() }), RetryLater);
  });

  it('asks to migrate a database without tables', async () => {
    const { store, database } = await filledStore();
    await store.close();
    await sql(database.ownerUrl, 'drop table inbox');
    await assert.rejects(
      openStore({ url: database.appUrl, keys, clock: testClock() }),
      (error) => error instanceof Invalid && /no tables/.test(error.message),
    );
  });

  it('turns cut connections into RetryLater, and goes on afterwards with all of its places', async () => {
    const { store, database } = await filledStore();
    const cut = `select pg_terminate_backend(pid) from pg_stat_activity
      where datname = current_database() and pid <> pg_backend_pid()`;
    try {
      // More than the pool holds, in two rounds.
      for (let round = 0; round < 2; round++) {
        let ready = 0;
        const all = Promise.withResolvers<void>();
        const outcomes = Array.from({ length: 8 }, () =>
          assert.rejects(
            store.tenant('a', async (tx) => {
              await tx.tenant();
              if (++ready === 8) await sql(database.appUrl, cut).then(() => all.resolve());
              await all.promise;
              await sleep(50);
              await tx.tenant();
            }),
            RetryLater,
          ),
        );
        await Promise.all(outcomes);
      }
      const names = await Promise.all(Array.from({ length: 10 }, () => store.tenant('a', (tx) => tx.tenant())));
      assert.equal(names.length, 10);
    } finally {
      await store.close();
    }
  });

  it('asks the one that is ended for the sake of another to try again', async () => {
    const { store } = await filledStore();
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const crossing = (mine: 0 | 1): Promise<void> =>
      store.tenant('a', async (tx) => {
        const kinds = mine === 0 ? (['deal', 'contact'] as const) : (['contact', 'deal'] as const);
        await tx.lockMatching(kinds[0]);
        both[mine].resolve();
        await both[1 - mine]?.promise;
        await tx.lockMatching(kinds[1]);
      });
    try {
      const outcomes = await Promise.allSettled([crossing(0), crossing(1)]);
      const ended = outcomes.filter((outcome) => outcome.status === 'rejected');
      assert.equal(ended.length, 1);
      assert.ok(ended[0]?.reason instanceof RetryLater);
    } finally {
      await store.close();
    }
  });

  it('does not keep a ping waiting for a place', async () => {
    const { store } = await filledStore();
    const free = Promise.withResolvers<void>();
    const holders = Array.from({ length: 10 }, () =>
      store.tenant('a', async (tx) => {
        await tx.tenant();
        await free.promise;
      }),
    );
    try {
      await sleep(100);
      const before_ms = performance.now();
      await assert.rejects(store.ping(), RetryLater);
      assert.ok(performance.now() - before_ms < 2_000);
    } finally {
      free.resolve();
      await Promise.all(holders);
      await store.ping();
      await store.close();
    }
  });

  it('keeps one API token, as a hash', async () => {
    const { store } = await filledStore();
    try {
      assert.equal(await store.isApiToken('hash-1'), false);
      await store.setApiToken('hash-1');
      await store.setApiToken('hash-1');
      assert.equal(await store.isApiToken('hash-1'), true);
      await store.setApiToken('hash-2');
      assert.deepEqual([await store.isApiToken('hash-1'), await store.isApiToken('hash-2')], [false, true]);
    } finally {
      await store.close();
    }
  });

  it('counts what is unrouted by account and reason', async () => {
    const { store } = await filledStore();
    try {
      const entry = { vendor: 'hubspot', accountId: '9', reason: 'unknown account', body: Buffer.from('x') } as const;
      await store.keepUnrouted(entry);
      await store.keepUnrouted(entry);
      await store.keepUnrouted({ ...entry, accountId: null, reason: 'unreadable' });
      const counts = await store.unrouted();
      assert.deepEqual(counts.map(({ accountId, reason, count }) => `${accountId} ${reason} ${count}`).toSorted(), [
        '9 unknown account 2',
        'null unreadable 1',
      ]);
    } finally {
      await store.close();
    }
  });
});
