import { Client } from 'pg';
import type { Settings } from './settings.ts';

/** `admin` is the superuser that only the launcher knows; `owner` migrates; `app` is what the hub runs as. */
export const roles = { admin: 'postgres', owner: 'rapport_owner', app: 'rapport_app', database: 'rapport' } as const;

/** Makes the two roles and the database. May be repeated. */
export async function prepare(settings: Settings): Promise<void> {
  const client = new Client({
    host: '127.0.0.1',
    port: settings.port,
    user: roles.admin,
    password: settings.adminPassword,
    database: 'postgres',
  });
  await client.connect();
  try {
    await ensureRole(client, roles.owner, settings.ownerPassword, 'createdb');
    await ensureRole(client, roles.app, settings.appPassword, 'nocreatedb');
    const { rowCount } = await client.query('select 1 from pg_database where datname = $1', [roles.database]);
    if (!rowCount) await client.query(`create database ${roles.database} owner ${roles.owner}`);
  } finally {
    await client.end();
  }
}

async function ensureRole(client: Client, name: string, password: string, right: string): Promise<void> {
  const { rowCount } = await client.query('select 1 from pg_roles where rolname = $1', [name]);
  const verb = rowCount ? 'alter' : 'create';
  const secret = client.escapeLiteral(password);
  await client.query(`${verb} role ${name} login nosuperuser nobypassrls nocreaterole ${right} password ${secret}`);
}
