import assert from 'node:assert/strict';
import { connect } from '../../../../hub/store/connect.ts';
import { migrate } from '../../../../hub/store/migrate.ts';
import { Invalid } from '../../../../protocol/errors.ts';
import type { FreshDatabase } from '../../../kit/postgres.ts';
import { freshDatabase } from '../../../kit/postgres.ts';
import { sql } from './rig.ts';

describe('hub/store migrate', () => {
  let database: FreshDatabase;
  beforeEach(async () => {
    database = await freshDatabase();
  });

  const appRole = (): string => new URL(database.appUrl).username;
  const partitions = async (): Promise<string[]> =>
    (
      await sql<{ name: string }>(
        database.ownerUrl,
        "select inhrelid::regclass::text as name from pg_inherits where inhparent = 'inbox'::regclass order by 1",
      )
    ).map(({ name }) => name);

  it('makes what the tables’ metadata says, and no more', async () => {
    const orm = await connect(database.ownerUrl, 2);
    try {
      assert.equal(await orm.schema.getUpdateSchemaSQL(), '');
    } finally {
      await orm.close();
    }
  });

  it('may be repeated, and by several at once', async () => {
    await Promise.all([1, 2, 3].map(() => migrate({ ownerUrl: database.ownerUrl, appRole: appRole() })));
  });

  it('lays the days to come and drops those that have expired', async () => {
    const now_ms = Date.UTC(2030, 0, 1, 23, 59);
    await migrate({ ownerUrl: database.ownerUrl, appRole: appRole(), now_ms });
    const names = await partitions();
    assert.deepEqual(
      names.filter((name) => name < 'inbox_2030'),
      [],
    );
    assert.equal(names[0], 'inbox_2030_01_01');
    assert.equal(names.length, 15 + 1);
    await migrate({ ownerUrl: database.ownerUrl, appRole: appRole(), now_ms: now_ms + 16 * 86_400_000 });
    assert.equal((await partitions())[0], 'inbox_2030_01_03', 'a day is kept for fourteen');
  });

  it('drops unrouted bytes of that age', async () => {
    const now_ms = Date.UTC(2030, 0, 20);
    for (const [id, day] of [
      ['old', 5],
      ['new', 6],
    ]) {
      await sql(database.appUrl, "insert into unrouted values ($1, 'hubspot', null, 'unreadable', '', $2)", [
        id,
        Date.UTC(2030, 0, Number(day)),
      ]);
    }
    await migrate({ ownerUrl: database.ownerUrl, appRole: appRole(), now_ms });
    assert.deepEqual(await sql(database.appUrl, 'select id from unrouted'), [{ id: 'new' }]);
  });

  it('drops deliveries of that age that nobody looked at', async () => {
    const now_ms = Date.UTC(2030, 0, 20);
    for (const tenant of ['a', 'b']) {
      await sql(database.appUrl, "insert into route values ('hubspot', $1, $1, 'hs')", [tenant]);
      for (const day of [5, 6])
        await sql(
          database.appUrl,
          "insert into intake (tenant_id, installation_id, count, events, received_at_ms) values ($1, 'hs', 1, '[]', $2)",
          [tenant, Date.UTC(2030, 0, day)],
        );
    }
    await migrate({ ownerUrl: database.ownerUrl, appRole: appRole(), now_ms });
    for (const tenant of ['a', 'b'])
      assert.deepEqual(
        await sql(database.appUrl, `set app.tenant = '${tenant}'; select received_at_ms::text as at from intake`),
        [{ at: String(Date.UTC(2030, 0, 6)) }],
      );
  });

  it('lives with rows that came on a day that was not laid', async () => {
    await sql(
      database.appUrl,
      `set app.tenant = 'a';
       insert into inbox (tenant_id, installation_id, key, day, object, external_id, lane, event, received_at_ms)
       values ('a', 'hs', 'k', '2031-05-02', 'deals', '1', 'event', '{}', 1)`,
    );
    const now_ms = Date.UTC(2031, 4, 1);
    await migrate({ ownerUrl: database.ownerUrl, appRole: appRole(), now_ms });
    const names = await partitions();
    assert.ok(
      names.includes('inbox_2031_05_01') && !names.includes('inbox_2031_05_02') && names.includes('inbox_2031_05_03'),
    );
  });

  it('says which role is missing', async () => {
    await assert.rejects(
      migrate({ ownerUrl: database.ownerUrl, appRole: 'nobody here' }),
      (error) => error instanceof Invalid && /"nobody here"/.test(error.message),
    );
  });
});
