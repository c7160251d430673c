import { MikroORM } from '@mikro-orm/postgresql';
import { Migrator } from '@mikro-orm/migrations';
import { releaseLostClients } from './lost-clients.ts';
import { migrations } from './migrations/list.ts';
import { allTables } from './tables/all.ts';

/** The ORM on one database; `pool` is its largest number of connections. */
export function connect(url: string, pool: number): Promise<MikroORM> {
  return MikroORM.init({
    clientUrl: url,
    entities: allTables,
    extensions: [Migrator],
    pool: { min: 0, max: pool },
    driverOptions: { onPoolCreated: releaseLostClients, connectionTimeoutMillis: 5_000 },
    migrations: { tableName: 'migration', snapshot: false, silent: true, migrationsList: migrations },
    // BullMQ keeps its own schema; `inbox` is partitioned by hand, `intake` has storage settings.
    schemaGenerator: { ignoreSchema: ['bullmq'], skipTables: [/^inbox/, 'intake'] },
  });
}
