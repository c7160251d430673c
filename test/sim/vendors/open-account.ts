import type { Clock } from '../../../protocol/ports/clock.ts';
import type { Weather } from '../faults/weather.ts';
import type { SimAccount } from './account.ts';
import { SimCrm } from './crm.ts';
import type { Flavour } from './flavour.ts';
import { Quota, type Limit } from './quota.ts';
import type { Line } from './wire.ts';

/** HubSpot docs, API usage guidelines: 110 calls in 10 s of an app in one account, 5 searches a second. */
const limits: Readonly<Record<Flavour['vendor'], readonly Limit[]>> = {
  hubspot: [
    { endpoint: 'crm', calls: 110, window_ms: 10_000 },
    { endpoint: 'search', calls: 5, window_ms: 1_000 },
  ],
  salesforce: [],
};

/** How long the vendors' clients wait after a 429 that says nothing. */
const busyPause_ms: Readonly<Record<Flavour['vendor'], number>> = { hubspot: 10_000, salesforce: 5_000 };

/** A new account with nothing in it. */
export function openAccount(
  accountId: string,
  flavour: Flavour,
  world: { clock: Clock; weather: Weather; latency_ms: () => number },
): SimAccount {
  const line: Line = {
    ...world,
    quota: new Quota(world.clock, limits[flavour.vendor]),
    stormUntil_ms: 0,
    revokedUntil_ms: 0,
    busyPause_ms: busyPause_ms[flavour.vendor],
  };
  return { crm: new SimCrm(accountId, flavour, world.clock), line, hidden: new Set(), onWrite: [], writtenAt_ms: 0 };
}
