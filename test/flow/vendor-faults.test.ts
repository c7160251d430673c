import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { orgs, portals } from '../../sandbox/seed/credentials.ts';
import { consentOf } from '../kit/hubspot-consent.ts';
import { eventually } from '../kit/eventually.ts';
import type { PlantedFault, SteeredVendor } from '../kit/house.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { rapport } from '../kit/rapport-command.ts';
import { writesOf } from '../kit/parked-of.ts';
import { useHouse } from '../kit/use-house.ts';

const [org] = orgs;
const [portal] = portals;
const limit = {
  status: 'error',
  message: 'You have reached your ten_secondly_rolling limit.',
  errorType: 'RATE_LIMIT',
  policyName: 'TEN_SECONDLY_ROLLING',
  category: 'RATE_LIMITS',
};

/** Faults that pass: each is planted at the next writes of the hub in tenant a. */
const passing: { name: string; vendor: 'hubspot' | 'salesforce'; fault: PlantedFault }[] = [
  {
    name: 'HubSpot answers 429 with Retry-After',
    vendor: 'hubspot',
    fault: { name: 'api.status', times: 2, params: { status: 429, body: limit, retryAfter: 1 } },
  },
  {
    name: 'HubSpot answers 502',
    vendor: 'hubspot',
    fault: { name: 'api.status', times: 2, params: { status: 502, body: { status: 'error', message: 'bad gateway' } } },
  },
  {
    name: 'HubSpot takes the write and its answer is lost',
    vendor: 'hubspot',
    fault: { name: 'api.timeout_after_commit' },
  },
  {
    name: 'Salesforce answers 503',
    vendor: 'salesforce',
    fault: { name: 'api.status', params: { status: 503 } },
  },
  {
    name: 'Salesforce has too many calls at once',
    vendor: 'salesforce',
    fault: {
      name: 'api.status',
      times: 1,
      params: { status: 403, errorCode: 'REQUEST_LIMIT_EXCEEDED', message: 'ConcurrentRequests Limit exceeded.' },
    },
  },
  { name: 'Salesforce has locked the row', vendor: 'salesforce', fault: { name: 'api.row_lock' } },
  { name: 'the Salesforce session has expired', vendor: 'salesforce', fault: { name: 'token.expire' } },
  {
    name: 'Salesforce takes the write and its answer is lost',
    vendor: 'salesforce',
    fault: { name: 'api.timeout_after_commit' },
  },
];

describe('flow: faults that pass lose nothing', function () {
  this.timeout(40_000);
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  for (const { name, vendor, fault } of passing)
    it(`${name}: the edit arrives later, once`, async () => {
      const deal = await supply.take('deal');
      await house().quiet();
      const before = await writesOf(house(), deal);
      const match: Record<string, string> =
        vendor === 'hubspot'
          ? { portalId: String(portal.portalId), path: '/crm/objects/2026-09/deals/batch/update' }
          : fault.name === 'api.row_lock'
            ? { org: org.orgId, id: deal.salesforce }
            : fault.name === 'token.expire'
              ? { client: org.integration.clientId }
              : { client: org.integration.clientId, method: 'PATCH' };
      await house().arm(vendor, { ...fault, match });
      const met = async (): Promise<void> => {
        await eventually(async () => assert.deepEqual(await house().armed(vendor), [], 'the fault was met'), 15_000);
        await house().passPauses(`${vendor}-a`);
      };
      if (vendor === 'hubspot') {
        await salesforce().update('Opportunity', deal.salesforce, { NextStep: name });
        await met();
        await eventually(async () => {
          const { properties } = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
          assert.equal(properties['hs_next_step'], name);
        }, 20_000);
      } else {
        await hubspot().update('deals', deal.hubspot, { hs_next_step: name });
        await met();
        await eventually(async () => {
          const row = await salesforce().read('Opportunity', deal.salesforce, ['NextStep']);
          assert.equal(row['NextStep'], name);
        }, 20_000);
      }
      await house().quiet(20_000);
      const after = await writesOf(house(), deal);
      assert.ok(after - before <= (fault.times ?? 1) + 1, `${after - before} writes`);
      const [conflicts] = await house().sql<{ count: number }>(
        'select count(*)::int from conflict where record_id = $1',
        [deal.recordId],
      );
      assert.equal(conflicts?.count, 0);
    });

  const broken = async (vendor: SteeredVendor): Promise<string | null | undefined> =>
    (await house().status()).tenants[0]?.installations.find((one) => one.vendor === vendor)?.brokenReason;
  const nextSteps = async (deal: Pair): Promise<unknown[]> => {
    const there = await salesforce().read('Opportunity', deal.salesforce, ['NextStep']);
    const here = await hubspot().read('deals', deal.hubspot, ['hs_next_step']);
    return [there['NextStep'], here.properties['hs_next_step']];
  };
  const reconnect = (vendor: SteeredVendor, ...more: string[]): ReturnType<typeof rapport> =>
    rapport(['reconnect', 'tenant-a', `${vendor}-a`, ...more], house().env);
  /** `rapport reconnect --grant FILE` */
  const give = async (vendor: SteeredVendor, grant: object): ReturnType<typeof rapport> => {
    const file = join(house().dataDir, 'grant.json');
    writeFileSync(file, JSON.stringify(grant), { mode: 0o600 });
    return reconnect(vendor, '--grant', file);
  };

  for (const vendor of ['salesforce', 'hubspot'] as const)
    it(`a revoked grant of ${vendor} is shown, causes no call any more, and what is edited meanwhile arrives when an admin has connected it`, async () => {
      const [deal, later] = await supply.takeAll('deal', 2);
      assert.ok(deal && later);
      const match: Record<string, string> =
        vendor === 'hubspot' ? { portalId: String(portal.portalId) } : { client: org.integration.clientId };
      const edit = (pair: Pair, text: string): Promise<unknown> =>
        vendor === 'hubspot'
          ? salesforce().update('Opportunity', pair.salesforce, { NextStep: text })
          : hubspot().update('deals', pair.hubspot, { hs_next_step: text });
      await house().quiet();
      await house().arm(vendor, {
        name: 'token.revoke',
        match,
        ...(vendor === 'hubspot' ? { params: { accessTokens: true } } : {}),
      });
      await edit(deal, 'Waits');
      await eventually(async () => assert.ok(await broken(vendor)), 15_000);
      // Calls are counted over all tenants: the neighbour's polls are none of this account's.
      await house().rest(`${vendor}-b`);
      const before = await nextSteps(later);
      await edit(later, 'Made meanwhile');
      const isDue = async (): Promise<void> => {
        const [found] = await house().sql<{ count: number }>(
          `select count(*)::int from link where installation_id = $1 and record_id = $2 and deliver_at_ms is not null`,
          [`${vendor}-a`, later.recordId],
        );
        assert.equal(found?.count, 1, 'the edit is taken in, and is to be written');
      };
      await eventually(isDue, 15_000);
      // Calls of other lanes that were under way may end meanwhile.
      await pause(500);
      const calls = await house().metric('rapport_vendor_calls_total', { vendor });
      for (let time = 0; time < 5; time += 1) {
        await house().passPauses(`${vendor}-a`);
        await pause(500);
      }
      assert.equal(await house().metric('rapport_vendor_calls_total', { vendor }), calls, 'no call after it is known');
      await isDue();
      const [toThere, toHere] = await nextSteps(later);
      const [mine, theirs] = vendor === 'hubspot' ? [toThere, toHere] : [toHere, toThere];
      assert.deepEqual([mine, theirs], ['Made meanwhile', before[vendor === 'hubspot' ? 1 : 0]]);

      await house().clearFaults(vendor);
      if (vendor === 'salesforce') {
        const { code, stderr } = await reconnect(vendor);
        assert.equal(code, 0, stderr);
      } else {
        // The old refresh token stays dead. One of another portal, or one that is none, is not taken in its place.
        for (const [refreshToken, why] of [
          [portals[1].refreshToken, new RegExp(`opens another portal, ${portals[1].portalId}`)],
          [portal.refreshToken, /no longer accepts/],
        ] as const) {
          const wrong = await give(vendor, { refreshToken });
          assert.deepEqual([wrong.code, wrong.stdout], [1, '']);
          assert.match(wrong.stderr, why);
          assert.match(wrong.stderr, /hubspot account 8801001, and the stored one stays.* An admin must connect/);
          assert.ok(!wrong.stderr.includes(refreshToken), 'no secret is shown');
          assert.ok(await broken(vendor), 'it is as broken as before');
        }
        const { code, stderr } = await give(vendor, await consentOf(house().urls, portal.portalId));
        assert.equal(code, 0, stderr);
      }
      await eventually(async () => assert.equal(await broken(vendor), null), 15_000);
      await house().passPauses(`${vendor}-a`);
      await eventually(async () => {
        assert.deepEqual(await nextSteps(deal), ['Waits', 'Waits']);
        assert.deepEqual(await nextSteps(later), ['Made meanwhile', 'Made meanwhile']);
      }, 15_000);
      assert.equal(await broken(vendor), null);
    });
});
