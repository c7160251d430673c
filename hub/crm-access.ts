import { Fault, Reconnect } from '../protocol/errors.ts';
import type { CrmApi, CrmConnector, Grant, ObjectDescription } from '../protocol/crm-connector.ts';
import type { Installation, Vendor } from '../protocol/nouns.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { CrmAccess } from '../protocol/ports/crm-access.ts';
import type { Gate } from '../protocol/ports/gate.ts';
import type { Store } from '../protocol/ports/store.ts';
import type { GrantLock } from './grant-lock.ts';

const describedFor_ms = 600_000;

interface Opened {
  api: CrmApi;
  /** The grant that this API has, and the one before, which may stand in the store still. Any other has replaced them. */
  grants: readonly string[];
}

/**
 * Opens each installation's API with its gate, anew when its grant was replaced in the store (connected again, or renewed by
 * another process), and remembers what its objects look like for ten minutes.
 */
export function createCrmAccess(options: {
  store: Store;
  connectors: Readonly<Record<Vendor, CrmConnector>>;
  clock: Clock;
  gateFor: (installation: Installation) => Gate;
  /** Runs work on an account's grant while no other process does. Absent: there is no other process. */
  grantLock?: GrantLock;
}): CrmAccess {
  const { store, connectors, clock, gateFor, grantLock } = options;
  const opened = new Map<string, Opened>();
  const described = new Map<string, { at_ms: number; description: Promise<ObjectDescription | undefined> }>();

  const open = (installation: Installation, grant: Grant): Opened => {
    const { tenantId, id } = installation;
    const api = connectors[installation.vendor].open({
      accountId: installation.accountId,
      grant,
      gate: gateFor(installation),
      saveGrant: async (next) => {
        one.grants = [...one.grants.slice(-1), textOf(next)];
        await store.tenant(tenantId, (tx) => tx.saveGrant(id, next));
        // Once it is known to be revoked, the same grant without that word is one that was given back.
        if ('revoked' in next) one.grants = [textOf(next)];
      },
      readGrant: () => store.tenant(tenantId, (tx) => tx.grant(id)),
      ...(grantLock && { renewAlone: (renew) => grantLock({ tenantId, installationId: id }, renew) }),
    });
    const one: Opened = { api, grants: [textOf(grant)] };
    return one;
  };

  const access: CrmAccess = {
    async api(tenantId, installationId) {
      const { installation, grant } = await store.tenant(tenantId, async (tx) => {
        const found = (await tx.installations()).find((one) => one.id === installationId);
        if (!found) throw new Fault(`there is no installation ${installationId}`);
        if (found.state === 'disconnected') throw new Reconnect('The account is disconnected.');
        return { installation: found, grant: await tx.grant(installationId) };
      });
      const key = `${tenantId} ${installationId}`;
      const known = opened.get(key);
      if (known?.grants.includes(textOf(grant))) return known.api;
      // Another grant may show other objects and fields.
      if (known) access.forgetDescriptions(tenantId, installationId);
      const anew = open(installation, grant);
      opened.set(key, anew);
      return anew.api;
    },
    describe(tenantId, installationId, object) {
      const key = `${tenantId} ${installationId} ${object}`;
      const known = described.get(key);
      if (known && clock.now_ms() - known.at_ms < describedFor_ms) return known.description;
      const description = access.api(tenantId, installationId).then((api) => api.describe(object));
      const kept = { at_ms: clock.now_ms(), description };
      // An object that is not there may be added any time (a property, a package): asked again at the next use.
      const forget = (): void => {
        if (described.get(key) === kept) described.delete(key);
      };
      description.then((found) => found ?? forget(), forget);
      described.set(key, kept);
      return description;
    },
    forgetDescriptions(tenantId, installationId) {
      for (const key of described.keys()) if (key.startsWith(`${tenantId} ${installationId} `)) described.delete(key);
    },
  };
  return access;
}

const textOf = (grant: Grant): string => JSON.stringify(grant);
