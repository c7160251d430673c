import type { Pool, PoolClient } from 'pg';

const patience_ms = 500;

/**
 * Gives back the places of connections that were cut during a transaction: its rollback fails on them, and Kysely then never
 * releases the client. Without this a restart of the database would use up the pool for good.
 */
export function releaseLostClients(pool: Pool): void {
  const inUse = new Set<PoolClient>();
  pool.on('acquire', (client) => inUse.add(client));
  pool.on('release', (_, client) => inUse.delete(client));
  pool.on('connect', (client) => {
    client.once('end', () => {
      if (!inUse.has(client)) return;
      // Whoever can still release it does so at once, when its query fails.
      setTimeout(() => inUse.has(client) && client.release(true), patience_ms).unref();
    });
  });
}
