import assert from 'node:assert/strict';
import type { Lane } from '../../../../protocol/vendor-event.ts';
import { kindOrder } from '../../../../protocol/nouns.ts';
import { backfillPage } from '../../../../hub/sync/backfill.ts';
import { SyncRig } from './sync-rig.ts';

const address = { tenantId: 'a', installationId: 'hs', lane: 'backfill' } as const;

describe('hub/sync opening of writing', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    await rig.tx(async (tx) => {
      for (const installation of await tx.installations()) {
        await tx.updateInstallation(installation.id, { state: 'linking', confirmed: true });
        await tx.saveCursor(installation.id, 'set-up', 'done');
        for (const kind of kindOrder)
          for (const { object } of rig.deps.mapper.mappings.kinds[kind].objects[installation.vendor] ?? [])
            await tx.saveCursor(installation.id, `backfill:${object}`, 'done');
      }
    });
  });
  afterEach(() => rig.close());

  const states = async (): Promise<string[]> => (await rig.tx((tx) => tx.installations())).map(({ state }) => state);
  const idOf = (index: number): string => `00000000-0000-7000-8000-${String(index).padStart(12, '0')}`;
  /** Companies that neither account has. */
  const records = (count: number): Promise<void> =>
    rig.tx((tx) =>
      tx.saveRecords(
        Array.from({ length: count }, (_, index) => ({
          record: {
            id: idOf(index),
            kind: 'company',
            fields: { name: `${index}` },
            stamps: {},
            deletedAt_ms: null,
            mergedInto: null,
          },
          matchKeys: [],
        })),
      ),
    );
  const objects = async (recordId: string): Promise<string[]> =>
    (await rig.tx((tx) => tx.linksOfRecords([recordId]))).map(({ object }) => object).toSorted();

  it('gives every record a link in each account that lacks it, and marks it to be written', async () => {
    await records(3);
    assert.equal(await backfillPage(rig.deps, address), undefined);
    assert.deepEqual(await states(), ['writing', 'writing']);
    for (const index of [0, 1, 2]) assert.deepEqual(await objects(idOf(index)), ['Account', 'companies']);
  });

  it('offers no record whose row was deleted there', async () => {
    rig.put('companies', '1', { name: 'Deleted here' });
    await rig.observe('companies', '1');
    rig.rows.delete('companies:1');
    await rig.observe('companies', '1');
    const recordId = String((await rig.link('companies', '1'))?.recordId);
    await backfillPage(rig.deps, address);
    assert.deepEqual(await states(), ['writing', 'writing']);
    const links = await rig.tx((tx) => tx.linksOfRecords([recordId]));
    assert.deepEqual(links.map(({ object, state }) => `${object} ${state}`).toSorted(), [
      'Account live',
      'companies retired',
    ]);
  });

  it('does not wait for what happens meanwhile, and waits for the first load, postponed or not', async () => {
    const { store } = rig.deps;
    const hinted = (key: string, lane: Lane): Promise<void> => {
      const author = { kind: 'unknown', userId: null } as const;
      const seen = { values: {}, occurredAt_ms: 1, author, own: false, change: 'updated' } as const;
      const event = { key, object: 'companies', externalId: key, lane, ...seen };
      return store.receive([{ tenantId: 'a', installationId: 'hs', events: [event] }]);
    };
    for (const lane of ['backfill', 'replay'] as const) {
      await hinted(lane, lane);
      const items = await rig.tx((tx) => tx.takeInbox('hs', rig.clock.now_ms(), 10));
      await rig.tx((tx) =>
        tx.postponeInbox(
          items.map(({ id }) => id),
          rig.clock.now_ms() + 60_000,
        ),
      );
      assert.notEqual(await backfillPage(rig.deps, address), undefined);
      assert.deepEqual(await states(), ['linking', 'linking'], lane);
      await rig.tx((tx) => tx.finishInbox(items.map(({ id }) => ({ id, outcome: 'applied' as const }))));
    }
    await hinted('event', 'event');
    await hinted('poll', 'poll');
    assert.equal(await backfillPage(rig.deps, address), undefined);
    assert.deepEqual(await states(), ['writing', 'writing']);
    assert.equal(await rig.waiting(), 2);
  });

  it('prepares a slice a call, goes on where it stopped, and opens when all is prepared', async () => {
    await records(1_200);
    const { store } = rig.deps;
    // Each transaction takes its time.
    const tenant: typeof store.tenant = async (tenantId, work) => {
      rig.clock.set(rig.clock.now_ms() + 700);
      return store.tenant(tenantId, work);
    };
    rig.deps.store = { ...store, tenant };
    let calls = 0;
    for (let next_ms: number | undefined = 0; next_ms !== undefined; calls += 1) {
      assert.ok(calls < 30, 'it comes to its end');
      next_ms = await backfillPage(rig.deps, address);
      if (next_ms !== undefined) assert.ok(next_ms <= rig.clock.now_ms(), 'there is more to do at once');
    }
    assert.ok(calls > 3, `${calls} calls`);
    assert.deepEqual(await states(), ['writing', 'writing']);
    const ids = Array.from({ length: 1_200 }, (_, index) => idOf(index));
    assert.equal((await rig.tx((tx) => tx.linksOfRecords(ids))).length, 2_400, 'each once');
  });
});
