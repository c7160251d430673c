import type { SqlEntityManager } from '@mikro-orm/postgresql';
import type { Grant } from '../../protocol/crm-connector.ts';
import { Invalid } from '../../protocol/errors.ts';
import type { Installation, Vendor } from '../../protocol/nouns.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { StreamHealth } from '../../protocol/ports/leases.ts';
import type { Keyring } from './keyring.ts';
import { offer, streamHealth } from './leases.ts';
import type { Outage } from './outage.ts';
import { insertNew, upsert } from './rows.ts';
import { GrantTable, InstallationTable, TenantTable } from './tables/account.ts';
import { ApiTokenTable, RouteTable } from './tables/hub.ts';

/** What boot and the command line need beside the engine's port. */
export interface Admin {
  /**
   * Makes a tenant, its installations, routes and grants; may be repeated. An installation that is there keeps its state,
   * targets and grant. Throws Invalid when an account belongs to another tenant or installation.
   */
  provisionTenant(tenant: NewTenant): Promise<void>;
  /** The SHA-256 of the one API token; replaces the one before. */
  setApiToken(hash: string): Promise<void>;
  isApiToken(hash: string): Promise<boolean>;
  /** What was received and belongs to nobody, by account and reason. */
  unrouted(): Promise<UnroutedCount[]>;
  /** The event streams of a tenant's accounts, by installation. */
  streams(tenantId: string): Promise<Readonly<Record<string, StreamHealth>>>;
}

export interface NewTenant {
  id: string;
  name: string;
  aiEnabled: boolean;
  installations: readonly (Pick<Installation, 'id' | 'vendor' | 'accountId' | 'state' | 'confirmed'> & {
    grant: Grant;
  })[];
}

export interface UnroutedCount {
  vendor: Vendor;
  accountId: string | null;
  reason: string;
  count: number;
  latest_ms: number;
}

interface AdminPorts {
  fork: () => SqlEntityManager;
  keyring: Keyring;
  clock: Clock;
  outage: Outage;
}

export function admin({ fork, keyring, clock, outage }: AdminPorts): Admin {
  return {
    async provisionTenant({ id: tenantId, name, aiEnabled, installations }) {
      if (!tenantId) throw new Invalid('A tenant has no id.', 'Give it one.');
      const em = fork();
      em.setSessionContext({ variables: { 'app.tenant': tenantId } });
      await em.transactional(async (em) => {
        await upsert(em, TenantTable, [{ tenantId, name, aiEnabled }]);
        for (const { grant, ...installation } of installations) {
          const { id: installationId, vendor, accountId } = installation;
          await takeRoute(em, { vendor, accountId, tenantId, installationId });
          await insertNew(em, InstallationTable, [
            { tenantId, ...installation, targets: {}, timeZone: null, brokenReason: null },
          ]);
          const sealed = keyring.seal(JSON.stringify(grant), [tenantId, installationId]);
          await insertNew(em, GrantTable, [{ tenantId, installationId, ...sealed }]);
          if (installation.state !== 'disconnected') await offer(em, { tenantId, installationId, what: 'stream' });
        }
      });
    },

    async setApiToken(hash) {
      await fork().transactional(async (em) => {
        await em.nativeDelete(ApiTokenTable, { hash: { $ne: hash } });
        await insertNew(em, ApiTokenTable, [{ hash, at_ms: clock.now_ms() }]);
      });
    },
    async isApiToken(hash) {
      return (await outage(() => fork().count(ApiTokenTable, { hash }))) > 0;
    },

    async unrouted() {
      const rows = await outage(() =>
        fork().execute<(Omit<UnroutedCount, 'latest_ms'> & { latest_ms: string })[]>(
          `select vendor, account_id as "accountId", reason, count(*)::int as count, max(at_ms) as latest_ms
           from unrouted group by 1, 2, 3 order by latest_ms desc limit 100`,
        ),
      );
      return rows.map((row) => ({ ...row, latest_ms: Number(row.latest_ms) }));
    },
    streams: (tenantId) => outage(() => streamHealth(fork(), clock, tenantId)),
  };
}

async function takeRoute(
  em: SqlEntityManager,
  route: { vendor: Vendor; accountId: string; tenantId: string; installationId: string },
): Promise<void> {
  const { vendor, accountId, tenantId, installationId } = route;
  if (await insertNew(em, RouteTable, [route])) return;
  const mine = await em.count(RouteTable, { vendor, accountId, tenantId, installationId });
  if (mine === 0) {
    throw new Invalid(
      `The ${vendor} account ${accountId} is connected already, to another tenant or installation.`,
      'Disconnect it there first: one account belongs to one tenant.',
    );
  }
}
