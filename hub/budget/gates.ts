import type { CallLimit } from '../../protocol/call-window.ts';
import type { Installation, Vendor } from '../../protocol/nouns.ts';
import type { BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Log } from '../../protocol/ports/log.ts';
import { InstallationGate, type LedgerEntry } from './installation-gate.ts';

type Limits = Readonly<Record<string, CallLimit>>;

/**
 * Documented limits, a little below the vendors' own. HubSpot: 110 calls in 10 s and 5 searches a second for an app in one
 * account (HubSpot docs: API usage guidelines). Salesforce counts by day and says so in its answers.
 */
export const vendorLimits: Readonly<Record<Vendor, Limits>> = {
  hubspot: { default: { calls: 106, window_ms: 10_000 }, search: { calls: 4, window_ms: 1_000 } },
  salesforce: {},
};

/** The gates of this process, one an installation; each looks again when any process announces a change of its account. */
export function createGates(options: {
  limits: Readonly<Record<Vendor, Limits>>;
  store: BudgetStore;
  clock: Clock;
  log: Log;
  chance: () => number;
  record: (vendor: Vendor, entry: LedgerEntry) => void;
}): (installation: Pick<Installation, 'tenantId' | 'id' | 'vendor'>) => InstallationGate {
  const { limits, record, ...shared } = options;
  const gates = new Map<string, InstallationGate>();
  const nameOf = (tenantId: string, installationId: string): string => JSON.stringify([tenantId, installationId]);
  shared.store.watch((account) => {
    const told = account ? [gates.get(nameOf(account.tenantId, account.installationId))] : gates.values();
    for (const gate of told) gate?.lookAgain();
  });
  return ({ tenantId, id, vendor }) => {
    const name = nameOf(tenantId, id);
    const gate =
      gates.get(name) ??
      new InstallationGate({
        ...shared,
        account: { tenantId, installationId: id },
        limits: limits[vendor],
        record: (entry) => record(vendor, entry),
      });
    gates.set(name, gate);
    return gate;
  };
}
