import { Fault, Reconnect } from '../../../protocol/errors.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

type Installations = Pick<
  TenantTx,
  | 'tenant'
  | 'installations'
  | 'updateInstallation'
  | 'grant'
  | 'saveGrant'
  | 'cursor'
  | 'saveCursor'
  | 'dropCursor'
  | 'people'
  | 'savePeople'
>;

export function installations({ view, tenantId, moment, hub }: SimDb): Installations {
  return {
    async tenant() {
      const row = view('tenant').get(tenantId);
      if (!row) throw new Fault(`There is no tenant "${tenantId}".`);
      return row;
    },
    async installations() {
      return inOrder(view('installations').all(), ({ id }) => id);
    },
    async updateInstallation(installationId, change) {
      const row = view('installations').get(installationId);
      const found = await view('installations').change(row ? [row] : [], (now) => ({ ...now, ...change }));
      if (found === 0 || change.state === undefined) return;
      const stream = { tenantId, installationId, what: 'stream' } as const;
      const kept = change.state !== 'disconnected';
      moment.acts.push(() => void (kept ? hub.leases.offer(stream) : hub.leases.withdraw(stream)));
    },
    async grant(installationId) {
      const row = view('grants').get(installationId);
      if (!row) throw new Reconnect(`Installation "${installationId}" has no grant.`);
      return row.grant;
    },
    saveGrant: (installationId, grant) => view('grants').put({ installationId, grant }),
    async cursor(installationId, name) {
      return view('cursors').get(keyOf(installationId, name))?.value;
    },
    saveCursor: (installationId, name, value) => view('cursors').put({ installationId, name, value }),
    async dropCursor(installationId, name, value) {
      const cursors = view('cursors');
      const row = cursors.get(keyOf(installationId, name));
      await cursors.change(row ? [row] : [], (now) => (now.value === value ? undefined : now));
    },
    async people(installationId) {
      return view('people')
        .all()
        .filter((person) => installationId === undefined || person.installationId === installationId);
    },
    async savePeople(people) {
      for (const person of people) await view('people').put(person);
    },
  };
}
