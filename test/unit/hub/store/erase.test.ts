import assert from 'node:assert/strict';
import { canaries, leaveMarks } from '../../../conformance/store/erase.ts';
import { testClock } from '../../../conformance/store/rig.ts';
import { filledStore, sql } from './rig.ts';

describe('hub/store eraseContact', () => {
  it('leaves no canary in any table', async () => {
    const { store, database } = await filledStore();
    try {
      await leaveMarks({ store, clock: testClock() });
      const found = async (): Promise<string[]> => {
        const hits: string[] = [];
        const tables = await sql<{ name: string }>(
          database.ownerUrl,
          "select relname as name from pg_class where relnamespace = 'public'::regnamespace and relkind in ('r', 'p')",
        );
        for (const { name } of tables) {
          for (const [what, text] of Object.entries(canaries)) {
            const [row] = await sql<{ count: number }>(
              database.ownerUrl,
              `set app.tenant = 'a';
               select count(*)::int as count from "${name}" as t where t::text ilike '%${text}%'`,
            );
            if (row?.count) hits.push(`${name} ${what}`);
          }
        }
        return hits.toSorted();
      };
      // So that the search is known to find: every table that could hold a person did.
      const before = new Set((await found()).map((hit) => hit.split(' ')[0]));
      for (const table of ['record', 'match_key', 'link', 'write', 'change', 'conflict', 'parked', 'run', 'intake']) {
        assert.ok(before.has(table), `${table} held a canary`);
      }
      await store.tenant('a', (tx) => tx.eraseContact('person'));
      assert.deepEqual(await found(), []);
    } finally {
      await store.close();
    }
  });

  it('removes unrouted bytes of the account that hold the row', async () => {
    const { store } = await filledStore();
    try {
      const entry = { vendor: 'hubspot', accountId: 'portal-a', reason: 'unknown account' } as const;
      await store.keepUnrouted({ ...entry, reason: 'one', body: Buffer.from('[{"objectId":777}]') });
      await store.keepUnrouted({ ...entry, reason: 'two', body: Buffer.from('[{"objectId":778}]') });
      await store.keepUnrouted({ ...entry, accountId: 'other', body: Buffer.from('[{"objectId":777}]') });
      await store.tenant('a', (tx) => tx.eraseRow('hs', 'contacts', '777'));
      const left = (await store.unrouted()).map(({ accountId, reason }) => `${accountId} ${reason}`);
      assert.deepEqual(left.toSorted(), ['other unknown account', 'portal-a two']);
    } finally {
      await store.close();
    }
  });
});
