import type { SqlEntityManager } from '@mikro-orm/postgresql';
import { LeaseLost } from '../../protocol/errors.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { LeaseKey, Leases, StreamHealth } from '../../protocol/ports/leases.ts';
import type { InboxBatch } from '../../protocol/ports/store.ts';
import type { Outage } from './outage.ts';

const keyOf = ({ tenantId, installationId, what }: LeaseKey): string[] => [tenantId, installationId, what];
const shownKey = 'tenant_id as "tenantId", installation_id as "installationId", what';

/** Leases as rows. Each step is one statement; several rows are locked in one order always. */
export function leasesInRows(fork: () => SqlEntityManager, outage: Outage): Leases {
  const run = async (sql: string, values: readonly unknown[]): Promise<number> => {
    const answer = await outage(() => fork().execute<{ affectedRows: number }>(sql, [...values], 'run'));
    return answer.affectedRows;
  };
  return {
    offer: (key) => outage(() => offer(fork(), key)),
    withdraw: (key) => outage(() => withdraw(fork(), key)),

    async take(key, { holder, now_ms, lease_ms }) {
      const taken = await run(
        `insert into lease (tenant_id, installation_id, what, holder, until_ms) values (?, ?::bigint)
         on conflict (tenant_id, installation_id, what) do update set holder = excluded.holder, until_ms = excluded.until_ms
         where lease.until_ms <= ?`,
        [[...keyOf(key), holder], now_ms + lease_ms, now_ms],
      );
      return taken > 0;
    },

    takeOffered: (what, { holder, now_ms, lease_ms }, limit) =>
      outage(() =>
        fork().execute<LeaseKey[]>(
          `update lease set holder = ?, until_ms = ?, heard_at_ms = null
           where (tenant_id, installation_id, what) in (
             select tenant_id, installation_id, what from lease where what = ? and until_ms <= ?
             order by until_ms, 1, 2 limit ? for update skip locked
           ) returning ${shownKey}`,
          [holder, now_ms + lease_ms, what, now_ms, limit],
        ),
      ),

    renew: (what, { holder, now_ms, lease_ms }) =>
      outage(() =>
        fork().execute<LeaseKey[]>(
          `update lease set until_ms = ?
           where (tenant_id, installation_id, what) in (
             select tenant_id, installation_id, what from lease where what = ? and holder = ? and until_ms > 0
             order by 1, 2 for update
           ) and holder = ? returning ${shownKey}`,
          [now_ms + lease_ms, what, holder, holder],
        ),
      ),

    async giveBack(key, holder) {
      await run(
        `update lease set holder = null, until_ms = 0
         where (tenant_id, installation_id, what) = (?) and holder = ?`,
        [keyOf(key), holder],
      );
    },
  };
}

/** In the caller's transaction: an account and the offer to follow it are stored together. */
export async function offer(em: SqlEntityManager, key: LeaseKey): Promise<void> {
  await em.execute(
    `insert into lease (tenant_id, installation_id, what, until_ms) values (?, 0) on conflict do nothing`,
    [keyOf(key)],
  );
}

export async function withdraw(em: SqlEntityManager, key: LeaseKey): Promise<void> {
  await em.execute('delete from lease where (tenant_id, installation_id, what) = (?)', [keyOf(key)]);
}

/**
 * Throws LeaseLost unless each stream's batch comes from who follows the stream. The leases stay locked until the transaction
 * ends: nobody can take one between this look and the commit.
 */
export async function proveHolders(
  em: SqlEntityManager,
  clock: Clock,
  batches: readonly Pick<InboxBatch, 'tenantId' | 'installationId' | 'streamHolder'>[],
): Promise<void> {
  const streams = batches
    .filter(({ streamHolder }) => streamHolder !== undefined)
    .toSorted((a, b) => (a.tenantId + a.installationId < b.tenantId + b.installationId ? -1 : 1));
  for (const { tenantId, installationId, streamHolder } of streams) {
    const { affectedRows } = await em.execute<{ affectedRows: number }>(
      `update lease set heard_at_ms = ?
       where (tenant_id, installation_id, what) = (?) and holder = ?`,
      [clock.now_ms(), [tenantId, installationId, 'stream'], streamHolder],
      'run',
    );
    if (affectedRows === 0) throw new LeaseLost('Another process follows this event stream now.');
  }
}

/** By account; one that has no stream, or none yet, is not in it. */
export async function streamHealth(
  em: SqlEntityManager,
  clock: Clock,
  tenantId: string,
): Promise<Record<string, StreamHealth>> {
  const rows = await em.execute<{ id: string; followed: boolean; heardAt_ms: string | null }[]>(
    `select installation_id as id, until_ms > ? as followed, heard_at_ms as "heardAt_ms" from lease
     where tenant_id = ? and what = 'stream' order by 1`,
    [clock.now_ms(), tenantId],
  );
  return Object.fromEntries(
    rows.map(({ id, followed, heardAt_ms }) => [
      id,
      { followed, heardAt_ms: heardAt_ms === null ? null : Number(heardAt_ms) },
    ]),
  );
}
