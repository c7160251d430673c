import type { Pool } from 'pg';
import { openAccount, type AccountState } from '../../protocol/account-state.ts';
import { inSlots, nextCallAt, peopleStay_ms, slotEnd_ms, slotsKept, type Ask } from '../../protocol/call-window.ts';
import type { Account, Block, BudgetStore } from '../../protocol/ports/budget-store.ts';
import type { Announcements } from './announcements.ts';
import { literal, oneTrip } from './one-trip.ts';
import type { Outage } from './outage.ts';
import { json } from './rows.ts';

interface Given {
  calls: number;
  slot: string;
  counts: number[];
  pacedUntil_ms: number;
  peopleAt_ms: string;
}

/** Budgets as rows: one round trip for each block, and the row lock makes it atomic. */
export function budgetsInRows(pool: Pool, outage: Outage, announcements: Announcements): BudgetStore {
  const query = <Row>(tenantId: string, statement: string): Promise<Row[]> =>
    outage(() => oneTrip<Row>(pool, tenantId, statement));

  return {
    async take(account, endpoint, ask): Promise<Block> {
      const key = [account.tenantId, account.installationId, endpoint].map(literal).join(', ');
      let [given] = await query<Given>(account.tenantId, takeStatement(key, ask));
      if (!given) {
        await query(account.tenantId, firstStatement(key, ask));
        [given] = await query<Given>(account.tenantId, takeStatement(key, ask));
      }
      if (!given) throw new Error('a call window went away while it was used');
      const window = { ...given, slot: Number(given.slot), peopleAt_ms: Number(given.peopleAt_ms) };
      const { window_ms } = ask.limit;
      return {
        calls: given.calls,
        until_ms: slotEnd_ms(window, window_ms),
        nextAt_ms: nextCallAt(window, inSlots(ask), window_ms),
      };
    },

    async readState({ tenantId, installationId }) {
      const [row] = await query<{ version: number; state: AccountState }>(
        tenantId,
        `select version, state from account_state
         where (tenant_id, installation_id) = (${literal(tenantId)}, ${literal(installationId)})`,
      );
      return row ?? { version: 0, state: openAccount };
    },

    async swapState({ tenantId, installationId }, version, state) {
      const key = `${literal(tenantId)}, ${literal(installationId)}`;
      const value = `${literal(json(state))}::jsonb`;
      const rows = await query(
        tenantId,
        version === 0
          ? `insert into account_state (tenant_id, installation_id, version, state) values (${key}, 1, ${value})
             on conflict do nothing returning version`
          : `update account_state set version = ${literal(version + 1)}, state = ${value}
             where (tenant_id, installation_id) = (${key}) and version = ${literal(version)} returning version`,
      );
      return rows.length > 0;
    },

    announce: (account: Account) => outage(() => announcements.announce(account)),
    watch: (listener) => announcements.watch(listener),
  };
}

function firstStatement(key: string, ask: Ask): string {
  return `insert into call_window values (${key}, ${inSlots(ask).slot}, array_fill(0, array[${slotsKept}]), 0, 0)
    on conflict do nothing`;
}

/** `rolled`, `givenBy` and what follows from it (`protocol/call-window.ts`), in one statement. Answers the window before the gift. */
function takeStatement(key: string, ask: Ask): string {
  const { wanted, slot, now_ms, peopleAt_ms, ceiling, depth_ms, step_ms } = inSlots(ask);
  return `
    with held as (
      select * from call_window where (tenant_id, installation_id, endpoint) = (${key}) for update
    ), rolled as (
      select greatest(slot, ${slot}) as slot, greatest(paced_until_ms, ${now_ms}) as paced,
        greatest(people_at_ms, ${peopleAt_ms}) as people,
        (array_fill(0, array[least(greatest(${slot} - slot, 0), ${slotsKept})::int]) || counts)[1:${slotsKept}] as counts
      from held
    ), given as (
      select *, greatest(0, least(${wanted},
        case when people > ${now_ms - peopleStay_ms} then ${ceiling.busy} else ${ceiling.quiet} end
          - (select sum(count) from unnest(counts) as count),
        floor((${now_ms + depth_ms} - paced) / ${step_ms} + 1e-3)))::int as calls
      from rolled
    )
    update call_window w set slot = given.slot, counts = (given.counts[1] + calls) || given.counts[2:],
      paced_until_ms = paced + calls * ${step_ms}, people_at_ms = people
    from given where (w.tenant_id, w.installation_id, w.endpoint) = (${key})
    returning calls, given.slot, given.counts, paced as "pacedUntil_ms", people as "peopleAt_ms"`;
}
