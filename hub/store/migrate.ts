import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { Invalid } from '../../protocol/errors.ts';
import { connect } from './connect.ts';
import { layInboxDays } from './inbox-days.ts';

/** Any constant: two hubs that start at once migrate one after the other. */
const migrationLock = 7_268_112;

/**
 * Brings the schema up to date as its owner, lets `appRole` use it, and lays the inbox's partitions of the coming days.
 * May be repeated; call it at each start, and once a day for the partitions.
 */
export async function migrate(options: { ownerUrl: string; appRole: string; now_ms?: number }): Promise<void> {
  const orm = await connect(options.ownerUrl, 3);
  try {
    await orm.em.fork().transactional(async (em) => {
      await em.execute('select pg_advisory_xact_lock(?)', [migrationLock]);
      await orm.migrator.up();
      await layInboxDays(em, options.now_ms ?? Date.now());
      await grant(em, options.appRole);
    });
  } finally {
    await orm.close();
  }
}

/** Partitions and the list of migrations stay the owner's: the app reaches the inbox through its policies only. */
async function grant(em: SqlEntityManager, appRole: string): Promise<void> {
  const [role] = await em.execute<{ name: string }[]>(
    'select quote_ident(rolname) as name from pg_roles where rolname = ?',
    [appRole],
  );
  if (!role) {
    throw new Invalid(`The database has no role "${appRole}".`, 'Create the role that DATABASE_URL names.');
  }
  const tables = await em.execute<{ name: string }[]>(
    `select quote_ident(relname) as name from pg_class
     where relnamespace = 'public'::regnamespace and relkind in ('r', 'p') and not relispartition and relname <> 'migration'`,
  );
  await em.execute(`grant usage on schema public to ${role.name}`);
  await em.execute(`grant usage on sequence inbox_seq to ${role.name}`);
  for (const { name } of tables) {
    // The audit only grows.
    const rights = name === 'audit' ? 'select, insert' : 'select, insert, update, delete';
    await em.execute(`grant ${rights} on ${name} to ${role.name}`);
  }
}
