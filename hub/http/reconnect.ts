import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Store } from '../../protocol/ports/store.ts';
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

/** An account whose grant was revoked is called again: with a new grant, or once more with its own. */
export function reconnectRoute(deps: { store: Store; bell: Bell; clock: Clock; operator: Operator }): Route {
  const { store, bell, clock, operator } = deps;
  return {
    method: 'POST',
    path: '/api/reconnect',
    policy: 'api-token',
    bodyLimit_bytes: 20_000,
    handle: async (ctx, body) => {
      await checkApiToken(operator, ctx);
      const { tenantId, installationId, grant } = jsonBody(body, reconnected);
      await store.tenant(tenantId, async (tx) => {
        const installation = (await tx.installations()).find((one) => one.id === installationId);
        if (!installation || installation.state === 'disconnected')
          throw new Invalid(
            `Tenant ${tenantId} has no account ${installationId} that is connected.`,
            'Name the tenant and the installation as `rapport status --json` does.',
          );
        const { revoked: _, ...usable } = grant ?? (await tx.grant(installationId));
        await tx.saveGrant(installationId, usable);
        await tx.updateInstallation(installationId, { brokenReason: null });
        // The poll lane acts on it: what the grant did not cover is tried again.
        await tx.saveCursor(installationId, 'reconnected', String(clock.now_ms()));
        for (const lane of lanes) await tx.markDue(installationId, lane, clock.now_ms());
        await tx.audit([
          { action: 'reconnect', actor: 'admin', subject: installationId, detail: { newGrant: grant !== undefined } },
        ]);
      });
      await bell.ring(lanes.map((lane) => ({ tenantId, installationId, lane })));
      ctx.body = { reconnected: true };
    },
  };
}
