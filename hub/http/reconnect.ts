import { z } from 'zod';
import type { Grant } from '../../protocol/crm-connector.ts';
import { Fault, Invalid, RapportError, Reconnect } from '../../protocol/errors.ts';
import type { Installation } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Store, TenantTx } from '../../protocol/ports/store.ts';
import type { Operator } from './api.ts';
import { checkApiToken } from './api-token.ts';
import { jsonBody } from './json-body.ts';
import type { Route } from './route.ts';

/** Of `POST /api/reconnect`. Without a grant the stored one is tried again: the vendor may have given it back. */
const reconnected = z.strictObject({
  tenantId: z.string().min(1),
  installationId: z.string().min(1),
  grant: z.record(z.string(), z.string()).optional(),
});

const lanes = ['backfill', 'poll', 'observe', 'deliver'] as const;

/**
 * Calls the vendor with a grant for an account. Answers it as it is to be stored. Throws Reconnect where the vendor does not take it,
 * or it opens another account.
 */
export type ProveGrant = (installation: Installation, grant: Grant) => Promise<Grant>;

/** Runs work on an account's grant while no other process does. */
export type Alone = (account: { tenantId: string; installationId: string }, work: () => Promise<void>) => Promise<void>;

interface Deps {
  store: Store;
  bell: Bell;
  clock: Clock;
  proveGrant: ProveGrant;
  grantLock: Alone;
  operator: Operator;
}

/**
 * An account whose grant was revoked is called again: with a new grant, or once more with its own. A new one replaces the only one
 * there is, so that it is tried first.
 */
export function reconnectRoute(deps: Deps): Route {
  const { store, bell, clock, grantLock, operator } = deps;
  return {
    method: 'POST',
    path: '/api/reconnect',
    policy: 'api-token',
    bodyLimit_bytes: 20_000,
    handle: async (ctx, body) => {
      await checkApiToken(operator, ctx);
      const { tenantId, installationId, grant } = jsonBody(body, reconnected);
      const installation = await store.tenant(tenantId, (tx) => connectedOne(tx, tenantId, installationId));
      // A renewal of the old grant that is under way would be stored over the new one.
      await grantLock({ tenantId, installationId }, async () => {
        const proven = grant && (await prove(deps, installation, usable(grant)));
        await store.tenant(tenantId, async (tx) => {
          await connectedOne(tx, tenantId, installationId);
          await tx.saveGrant(installationId, proven ?? usable(await tx.grant(installationId)));
          await tx.updateInstallation(installationId, { brokenReason: null });
          // The poll lane acts on it: what the grant did not cover is tried again.
          await tx.saveCursor(installationId, 'reconnected', String(clock.now_ms()));
          for (const lane of lanes) await tx.markDue(installationId, lane, clock.now_ms());
          const detail = { newGrant: grant !== undefined };
          await tx.audit([{ action: 'reconnect', actor: 'admin', subject: installationId, detail }]);
        });
      });
      await bell.ring(lanes.map((lane) => ({ tenantId, installationId, lane })));
      ctx.body = { reconnected: true };
    },
  };
}

/** Without the word that it was revoked. */
function usable(grant: Grant): Grant {
  const { revoked: _, ...rest } = grant;
  return rest;
}

async function connectedOne(tx: TenantTx, tenantId: string, installationId: string): Promise<Installation> {
  const installation = (await tx.installations()).find((one) => one.id === installationId);
  if (!installation || installation.state === 'disconnected')
    throw new Invalid(
      `Tenant ${tenantId} has no account ${installationId} that is connected.`,
      'Name the tenant and the installation as `rapport status --json` does.',
    );
  return installation;
}

async function prove({ proveGrant }: Deps, installation: Installation, grant: Grant): Promise<Grant> {
  const account = `${installation.vendor} account ${installation.accountId}`;
  try {
    return await proveGrant(installation, grant);
  } catch (error) {
    if (!(error instanceof RapportError) || error instanceof Fault) throw error;
    if (error instanceof Reconnect)
      throw new Invalid(
        `The grant does not open ${account}, and the stored one stays: ${error.message}`,
        `${error.remedy} Then give the grant that comes of it.`,
        error,
      );
    throw new Invalid(
      `The grant for ${account} could not be tried, and the stored one stays: ${error.message}`,
      error instanceof Invalid ? error.remedy : 'Give it again in a minute.',
      error,
    );
  }
}
