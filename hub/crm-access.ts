import { Fault, Reconnect } from '../protocol/errors.ts';
import type { CrmApi, CrmConnector, ObjectDescription } from '../protocol/crm-connector.ts';
import type { Installation, Vendor } from '../protocol/nouns.ts';
import type { Clock } from '../protocol/ports/clock.ts';
import type { CrmAccess } from '../protocol/ports/crm-access.ts';
import type { Gate } from '../protocol/ports/gate.ts';
import type { Store } from '../protocol/ports/store.ts';

const describedFor_ms = 600_000;

/** Opens each installation's API once, with its gate, and remembers what its objects look like for ten minutes. */
export function createCrmAccess(options: {
  store: Store;
  connectors: Readonly<Record<Vendor, CrmConnector>>;
  clock: Clock;
  gateFor: (installation: Installation) => Gate;
}): CrmAccess {
  const { store, connectors, clock, gateFor } = options;
  const apis = new Map<string, Promise<CrmApi>>();
  const described = new Map<string, { at_ms: number; description: Promise<ObjectDescription | undefined> }>();

  const open = async (tenantId: string, installationId: string): Promise<CrmApi> => {
    const { installation, grant } = await store.tenant(tenantId, async (tx) => {
      const found = (await tx.installations()).find((one) => one.id === installationId);
      if (!found) throw new Fault(`there is no installation ${installationId}`);
      if (found.state === 'disconnected') throw new Reconnect('The account is disconnected.');
      return { installation: found, grant: await tx.grant(installationId) };
    });
    return connectors[installation.vendor].open({
      accountId: installation.accountId,
      grant,
      gate: gateFor(installation),
      saveGrant: (next) => store.tenant(tenantId, (tx) => tx.saveGrant(installationId, next)),
      readGrant: () => store.tenant(tenantId, (tx) => tx.grant(installationId)),
    });
  };

  const access: CrmAccess = {
    api(tenantId, installationId) {
      const key = `${tenantId} ${installationId}`;
      let api = apis.get(key);
      if (!api) {
        api = open(tenantId, installationId);
        apis.set(key, api);
        api.catch(() => apis.delete(key));
      }
      return api;
    },
    describe(tenantId, installationId, object) {
      const key = `${tenantId} ${installationId} ${object}`;
      const known = described.get(key);
      if (known && clock.now_ms() - known.at_ms < describedFor_ms) return known.description;
      const description = access.api(tenantId, installationId).then((api) => api.describe(object));
      // An object that is not there may be added any time (a property, a package): asked again at the next use.
      const forget = (): boolean => described.delete(key);
      description.then((found) => found ?? forget(), forget);
      described.set(key, { at_ms: clock.now_ms(), description });
      return description;
    },
    forgetDescriptions(tenantId, installationId) {
      for (const key of described.keys()) if (key.startsWith(`${tenantId} ${installationId} `)) described.delete(key);
    },
  };
  return access;
}
