import assert from 'node:assert/strict';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { openStore } from '../../../../hub/store/open-store.ts';
import { openAccount } from '../../../../protocol/account-state.ts';
import { Invalid } from '../../../../protocol/errors.ts';
import { leaveMarks } from '../../../conformance/store/erase.ts';
import { testClock } from '../../../conformance/store/rig.ts';
import { aRecord, anEvent } from '../../../conformance/store/nouns.ts';
import type { FreshDatabase } from '../../../kit/postgres.ts';
import { filledStore, keys, sql } from './rig.ts';

/** All that may stand outside tenancy. `migration` is the owner's alone. */
const outside = new Set(['api_token', 'due', 'lease', 'migration', 'route', 'unrouted']);

describe('hub/store row-level security', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  before(async () => {
    ({ store, database } = await filledStore());
    await leaveMarks({ store, clock: testClock() });
    await store.tenant('a', async (tx) => {
      await tx.saveCursor('hs', 'poll', '1');
      await tx.savePeople([{ installationId: 'hs', userId: '1', ownerId: '1', name: 'Ada', email: 'ada@a.example' }]);
      await tx.addCallback({ runId: 'run-deal', installationId: 'hs', callbackId: 'ap-1', state: 'waiting' });
      await tx.audit([{ action: 'x', actor: 'admin', subject: 'r', detail: {} }]);
      await tx.saveRecords([{ record: aRecord('erased', { kind: 'contact' }), matchKeys: [] }]);
      await tx.addInbox('hs', [anEvent('hint')]);
    });
    const account = { tenantId: 'a', installationId: 'hs' };
    const limit = { calls: 1, window_ms: 1 };
    await store.budgets.take(account, 'crm', { wanted: 1, limit, interactive: true, now_ms: 1 });
    await store.budgets.swapState(account, 0, openAccount);
    await sql(database.ownerUrl, "set app.tenant = 'a'; insert into erased values ('a', 'some hash')");
  });
  after(() => store.close());

  const tenantTables = async (): Promise<string[]> => {
    const rows = await sql<{ name: string }>(
      database.ownerUrl,
      `select relname as name from pg_class
       where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition order by 1`,
    );
    return rows.map(({ name }) => name).filter((name) => !outside.has(name));
  };

  it('is forced, with the tenant policy, on every table but those listed', async () => {
    const rows = await sql<{ name: string; enabled: boolean; forced: boolean; policies: string[]; partition: boolean }>(
      database.ownerUrl,
      `select relname as name, relrowsecurity as enabled, relforcerowsecurity as forced, relispartition as partition,
         array(select polname || ' ' || polcmd::text || ' ' || coalesce(pg_get_expr(polqual, polrelid), '-')
           from pg_policy where polrelid = c.oid order by 1) as policies
       from pg_class c where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') order by 1`,
    );
    const own = "tenant * (tenant_id = current_setting('app.tenant'::text, true))";
    for (const { name, enabled, forced, policies, partition } of rows) {
      if (outside.has(name)) {
        assert.deepEqual([name, enabled, policies], [name, false, []]);
        continue;
      }
      assert.deepEqual([name, enabled, forced], [name, true, true]);
      // A partition has no policy: nobody reaches it but through its table.
      assert.deepEqual([name, policies], [name, partition ? [] : name === 'intake' ? ['intake a -', own] : [own]]);
    }
    assert.ok(rows.length > 25);
  });

  it('has tenant_id first in every key and index of a tenant table', async () => {
    const rows = await sql<{ index: string; first: string }>(
      database.ownerUrl,
      `select i.indexrelid::regclass::text as index, a.attname as first from pg_index i
       join pg_class c on c.oid = i.indrelid join pg_attribute a on a.attrelid = c.oid and a.attnum = i.indkey[0]
       where c.relname = any($1)`,
      [await tenantTables()],
    );
    assert.ok(rows.length > 20);
    assert.deepEqual(
      rows.filter(({ first }) => first !== 'tenant_id'),
      [],
    );
  });

  it('shows the login of the hub nothing without a tenant, and a tenant its own alone', async () => {
    for (const table of await tenantTables()) {
      const count = async (tenant: string): Promise<number> => {
        const [row] = await sql<{ count: number }>(
          database.appUrl,
          `select set_config('app.tenant', '${tenant}', false); select count(*)::int as count from "${table}"`,
        );
        return row?.count ?? -1;
      };
      const [none] = await sql<{ count: number }>(database.appUrl, `select count(*)::int as count from "${table}"`);
      assert.deepEqual([table, none?.count, await count('')], [table, 0, 0]);
      assert.ok((await count('a')) > 0, `${table} has rows of a, so that this test can fail`);
      const [theirs] = await sql<{ count: number }>(
        database.appUrl,
        `set app.tenant = 'b'; select count(*)::int as count from "${table}" where tenant_id = 'a'`,
      );
      assert.deepEqual([table, theirs?.count], [table, 0]);
    }
  });

  it('refuses rows of another tenant in every table but the intake', async () => {
    for (const table of await tenantTables()) {
      if (table === 'intake') continue;
      await assert.rejects(
        sql(
          database.appUrl,
          `set app.tenant = 'b';
           insert into "${table}" (tenant_id) values ('a')`,
        ),
        // Which of the two speaks first is the database's choice; it is refused by policy where nothing else is missing.
        /row-level security|null value/,
        table,
      );
    }
    await assert.rejects(
      sql(database.appUrl, "set app.tenant = 'b'; insert into tenant values ('a2', 'n', true)"),
      /row-level security/,
    );
    await assert.rejects(
      sql(database.appUrl, "set app.tenant = 'a'; update record set tenant_id = 'b' where id = 'deal'"),
      /row-level security/,
    );
  });

  it('lets anybody hand in deliveries, and nobody read, change or take those of others', async () => {
    await store.receive([{ tenantId: 'b', installationId: 'hs', events: [anEvent('of b')] }]);
    for (const change of [
      "update intake set events = '[]' where tenant_id = 'b' returning 1",
      "delete from intake where tenant_id = 'b' returning 1",
    ])
      assert.deepEqual(await sql(database.appUrl, `set app.tenant = 'a'; ${change}`), []);
    await assert.rejects(
      sql(
        database.appUrl,
        `set app.tenant = 'a';
         insert into intake (tenant_id, installation_id, count, events, received_at_ms) values ('b', 'hs', 1, '[]', 1)
         returning events`,
      ),
      /row-level security/,
    );
    await store.tenant('a', (tx) => tx.countWaitingInbox());
    assert.equal(await store.tenant('b', (tx) => tx.countWaitingInbox()), 1);
  });

  it('keeps a tenant out of the inbox of another', async () => {
    await store.tenant('b', (tx) => tx.addInbox('hs', [anEvent('hint of b')]));
    const changed = await sql(
      database.appUrl,
      "set app.tenant = 'a'; update inbox set outcome = 'applied' where tenant_id = 'b' returning 1",
    );
    assert.deepEqual(changed, []);
    await assert.rejects(
      sql(
        database.appUrl,
        `insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
         values ('b', 'hs', 'k', '2026-11-22', 'deals', '1', 'event', '{}', 1)`,
      ),
      /row-level security/,
      'not even without a tenant',
    );
    await assert.rejects(sql(database.appUrl, 'select * from inbox_other'), /permission denied/);
  });

  it('lets the hub add to the audit, never change it', async () => {
    for (const change of ["update audit set actor = 'x'", 'delete from audit', 'truncate audit', 'drop table audit']) {
      await assert.rejects(sql(database.appUrl, `set app.tenant = 'a'; ${change}`), /permission denied|must be owner/);
    }
  });

  it('refuses to open with a login that row-level security does not bind', async () => {
    const clock = testClock();
    const open = (url: string): Promise<OpenStore> => openStore({ url, keys, clock });
    await assert.rejects(
      open(database.ownerUrl),
      (error) => error instanceof Invalid && /owns the tables/.test(error.message),
    );
    const admin = new URL(database.ownerUrl);
    admin.username = new URL(database.appUrl).username;
    admin.password = new URL(database.appUrl).password;
    await (await open(admin.href)).close();
  });
});
