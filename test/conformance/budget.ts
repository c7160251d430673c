import assert from 'node:assert/strict';
import { closedUntil, openAccount } from '../../protocol/account-state.ts';
import type { Account, Block, BudgetStore } from '../../protocol/ports/budget-store.ts';
import { eventually } from '../kit/eventually.ts';

/** What every store of call budgets must do. `make` gives two processes' hold on one store that nobody has touched. */
export function budgetConformance(make: () => Promise<readonly [BudgetStore, BudgetStore]>): void {
  let here: BudgetStore;
  let there: BudgetStore;
  beforeEach(async () => {
    [here, there] = await make();
  });

  const start_ms = 1_795_000_000_000;
  const limit = { calls: 100, window_ms: 10_000 };
  const account: Account = { tenantId: 'a', installationId: 'hs' };
  interface Asked {
    at_ms: number;
    wanted?: number;
    interactive?: boolean;
    of?: BudgetStore;
    who?: Account;
    endpoint?: string;
  }
  const take = ({ at_ms, wanted = 10, interactive = true, of = here, who = account, endpoint = 'crm' }: Asked) =>
    of.take(who, endpoint, { wanted, interactive, limit, now_ms: start_ms + at_ms });
  const total = (blocks: readonly Block[]): number => blocks.reduce((sum, { calls }) => sum + calls, 0);

  it('gives what is asked for, until the slot ends', async () => {
    const block = await take({ at_ms: 100, wanted: 3 });
    assert.deepEqual([block.calls, block.until_ms], [3, start_ms + 250]);
  });

  it('gives a fifth at once and the rest in even steps, to all processes together', async () => {
    const first = await Promise.all([here, there, here, there].map((of) => take({ at_ms: 0, of })));
    assert.equal(total(first), 20);
    const refused = await take({ at_ms: 0, of: there });
    assert.deepEqual([refused.calls, refused.nextAt_ms], [0, start_ms + 100]);
    assert.equal((await take({ at_ms: 100 })).calls, 1);
    assert.equal((await take({ at_ms: 1_000, of: there })).calls, 9);
  });

  it('never gives more than the limit in any window, however many ask, and not much less', async () => {
    const given: { at_ms: number; calls: number; until_ms: number }[] = [];
    for (let at_ms = 0; at_ms < 40_000; at_ms += 60) {
      const blocks = await Promise.all([here, there].map((of) => take({ at_ms, wanted: 7, of })));
      for (const block of blocks) given.push({ at_ms, calls: block.calls, until_ms: block.until_ms - start_ms });
    }
    const between = (from_ms: number, to_ms: number): number =>
      given.filter((one) => one.at_ms < to_ms && one.until_ms > from_ms).reduce((sum, { calls }) => sum + calls, 0);
    // Each call may be made anywhere between its gift and its slot's end.
    for (let from_ms = 0; from_ms < 30_000; from_ms += 250)
      assert.ok(between(from_ms, from_ms + 10_000) <= 100, `${between(from_ms, from_ms + 10_000)} from ${from_ms}`);
    assert.ok(between(10_000, 40_000) > 280, `only ${between(10_000, 40_000)} of 300`);
  });

  it('says when there may be calls again, truly', async () => {
    let at_ms = 0;
    for (let turn = 0; turn < 300; turn += 1) {
      const block = await take({ at_ms, wanted: 5 });
      if (block.calls > 0) continue;
      const next_ms = block.nextAt_ms - start_ms;
      assert.ok(next_ms > at_ms && next_ms - at_ms <= 5_000, `${next_ms} after ${at_ms}`);
      assert.ok((await take({ at_ms: next_ms, wanted: 1 })).calls === 1, `nothing at ${next_ms}`);
      at_ms = next_ms;
    }
    assert.ok(at_ms > 20_000);
  });

  it('keeps calls for people: more while they are at work', async () => {
    const background: Block[] = [];
    for (let at_ms = 0; at_ms < 10_000; at_ms += 50) background.push(await take({ at_ms, interactive: false }));
    assert.equal(total(background), 95);
    assert.equal((await take({ at_ms: 9_990 })).calls, 5, 'what is left is theirs');
    const later: Block[] = [];
    for (let at_ms = 20_000; at_ms < 30_000; at_ms += 50) later.push(await take({ at_ms, interactive: false }));
    assert.equal(total(later), 80, 'one of them came within the last minute');
  });

  it('a person goes before background work that asks all the time', async () => {
    for (let at_ms = 0; at_ms < 5_000; at_ms += 20) await take({ at_ms, interactive: false });
    assert.equal((await take({ at_ms: 4_990, interactive: false, wanted: 1 })).calls, 0);
    assert.equal((await take({ at_ms: 4_990, wanted: 5 })).calls, 5);
  });

  it('counts each account and endpoint class apart', async () => {
    await take({ at_ms: 0, wanted: 20 });
    for (const other of [
      { who: { ...account, tenantId: 'b' } },
      { who: { ...account, installationId: 'hs2' } },
      { endpoint: 'search' },
    ])
      assert.equal((await take({ at_ms: 0, wanted: 20, ...other })).calls, 20);
    assert.equal((await take({ at_ms: 0 })).calls, 0);
  });

  it('a process whose clock is late opens no window again', async () => {
    for (let at_ms = 60_000; at_ms < 70_000; at_ms += 100) await take({ at_ms });
    assert.ok((await take({ at_ms: 55_000, of: there, wanted: 10 })).calls === 0);
  });

  it('keeps one state of an account, swapped by whoever read it last', async () => {
    const unknown = await here.readState(account);
    assert.deepEqual(unknown, { version: 0, state: openAccount });
    const closed = closedUntil(openAccount, start_ms + 5_000);
    assert.equal(await here.swapState(account, 0, closed), true);
    assert.equal(await there.swapState(account, 0, openAccount), false, 'it read before');
    const read = await there.readState(account);
    assert.deepEqual(read.state, closed);
    const allowance = {
      limit: 15_000,
      remaining: 1,
      at_ms: start_ms,
      marks: [{ remaining: 1, at_ms: start_ms - 0.5 }],
    };
    assert.equal(await there.swapState(account, read.version, { ...closed, allowance }), true);
    assert.equal(await here.swapState(account, read.version, openAccount), false);
    assert.deepEqual((await here.readState(account)).state, { ...closed, allowance });
    assert.deepEqual((await here.readState({ ...account, tenantId: 'b' })).version, 0);
  });

  it('of many that swap at once one wins', async () => {
    const swaps = Array.from({ length: 8 }, (_, index) =>
      (index % 2 ? here : there).swapState(account, 0, openAccount),
    );
    assert.equal((await Promise.all(swaps)).filter(Boolean).length, 1);
  });

  it('tells all processes to look again', async () => {
    const heard: string[] = [];
    for (const [name, store] of [
      ['here', here],
      ['there', there],
    ] as const)
      store.watch((told) => told && heard.push(`${name} ${told.tenantId}/${told.installationId}`));
    await eventually(async () => {
      await here.announce(account);
      assert.ok(heard.includes('here a/hs') && heard.includes('there a/hs'));
    });
  });
}
