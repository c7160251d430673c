import assert from 'node:assert/strict';
import type { WorkAddress } from '../../../protocol/ports/bell.ts';
import type { StoreRig } from './rig.ts';
import { start_ms } from './rig.ts';
import { anEvent } from './nouns.ts';

export function dueConformance(rig: StoreRig): void {
  const address: WorkAddress = { tenantId: 'a', installationId: 'hs', lane: 'deliver' };
  const mark = (due_ms: number): Promise<void> => rig.store.tenant('a', (tx) => tx.markDue('hs', 'deliver', due_ms));
  const due = (now_ms: number): Promise<WorkAddress[]> => rig.store.dueNow(now_ms, 10);

  it('shows work from its instant on, oldest first', async () => {
    await mark(100);
    await rig.store.tenant('b', (tx) => tx.markDue('', 'runs', 50));
    assert.deepEqual(await due(49), []);
    assert.deepEqual(await due(100), [{ tenantId: 'b', installationId: '', lane: 'runs' }, address]);
    assert.equal((await rig.store.dueNow(100, 1)).length, 1);
  });

  it('keeps the earlier mark', async () => {
    await mark(100);
    await mark(200);
    assert.equal((await due(100)).length, 1);
    await mark(50);
    assert.equal((await due(50)).length, 1);
  });

  it('writes the marks of one transaction together, the earliest of each address', async () => {
    await rig.store.tenant('a', async (tx) => {
      await tx.markDue('sf', 'deliver', 300);
      await tx.markDue('hs', 'deliver', 200);
      await tx.markDue('hs', 'deliver', 100);
    });
    assert.deepEqual(await due(100), [address]);
    assert.equal((await due(300)).length, 2);
  });

  it('lets two transactions mark the same addresses in any order', async () => {
    const both = [Promise.withResolvers<void>(), Promise.withResolvers<void>()] as const;
    const marking = (mine: 0 | 1, lanes: readonly WorkAddress['lane'][]): Promise<void> =>
      rig.store.tenant('a', async (tx) => {
        for (const lane of lanes) {
          await tx.markDue('hs', lane, 100);
          both[mine].resolve();
          await both[1 - mine]?.promise;
        }
      });
    await Promise.all([marking(0, ['deliver', 'observe']), marking(1, ['observe', 'deliver'])]);
    assert.equal((await due(100)).length, 2);
  });

  it('gives a lease only where work is due, and to one alone', async () => {
    const { store } = rig;
    assert.equal(await store.claim(address, 100, 50), undefined);
    await mark(100);
    assert.equal(await store.claim(address, 99, 50), undefined);
    const claims = await Promise.all(Array.from({ length: 5 }, () => store.claim(address, 100, 50)));
    assert.deepEqual(
      claims.filter((lease) => lease !== undefined),
      [{ address, until_ms: 150 }],
    );
    assert.deepEqual(await due(149), []);
  });

  it('makes work due again when a lease passes', async () => {
    await mark(100);
    await rig.store.claim(address, 100, 50);
    assert.deepEqual(await due(150), [address]);
    assert.ok(await rig.store.claim(address, 150, 50));
  });

  it('ends with nothing due', async () => {
    await mark(100);
    const lease = await rig.store.claim(address, 100, 50);
    assert.ok(lease);
    await rig.store.release(lease, undefined);
    assert.deepEqual(await due(1_000_000), []);
    await mark(200);
    assert.deepEqual(await due(200), [address]);
  });

  it('ends with work due later', async () => {
    await mark(100);
    const lease = await rig.store.claim(address, 100, 50);
    assert.ok(lease);
    await rig.store.release(lease, 500);
    assert.deepEqual(await due(499), []);
    assert.deepEqual(await due(500), [address]);
  });

  for (const next_ms of [undefined, 500]) {
    it(`keeps a mark made during the lease (released until ${next_ms})`, async () => {
      await mark(100);
      const lease = await rig.store.claim(address, 100, 50);
      assert.ok(lease);
      await mark(110);
      assert.equal(await rig.store.claim(address, 120, 50), undefined, 'the lease holds all the same');
      await rig.store.release(lease, next_ms);
      assert.deepEqual(await due(120), [address]);
    });
  }

  it('keeps a mark for the very instant at which the lease ends', async () => {
    await mark(100);
    const lease = await rig.store.claim(address, 100, 50);
    assert.ok(lease);
    await mark(lease.until_ms);
    await rig.store.release(lease, undefined);
    assert.deepEqual(await due(lease.until_ms), [address]);
  });

  it('keeps what was received during the lease', async () => {
    const { store, clock } = rig;
    const observe: WorkAddress = { ...address, lane: 'observe' };
    await store.receive([{ tenantId: 'a', installationId: 'hs', events: [anEvent('e1')] }]);
    const lease = await store.claim(observe, start_ms, 5_000);
    assert.ok(lease);
    clock.set(start_ms + 10);
    await store.receive([{ tenantId: 'a', installationId: 'hs', events: [anEvent('e2')] }]);
    await store.release(lease, undefined);
    assert.deepEqual(await due(start_ms + 10), [observe]);
  });

  it('lets a late release leave the next lease alone', async () => {
    await mark(100);
    const late = await rig.store.claim(address, 100, 50);
    const next = await rig.store.claim(address, 160, 50);
    assert.ok(late && next);
    await rig.store.release(late, undefined);
    await rig.store.release(late, 170);
    assert.equal(await rig.store.claim(address, 180, 50), undefined);
    assert.deepEqual(await due(210), [address]);
  });

  it('loses no mark in a race of marks, claims and releases', async () => {
    const { store } = rig;
    let marks = 0;
    let seen = 0;
    const work = async (): Promise<void> => {
      const lease = await store.claim(address, 100, 50_000);
      if (!lease) return;
      seen = marks;
      await store.release(lease, undefined);
    };
    await Promise.all(
      Array.from({ length: 60 }, async () => {
        await mark(100);
        marks++;
        await work();
      }),
    );
    // Whoever comes last finds either the last mark, or that it was seen.
    await work();
    assert.equal(seen, 60);
    assert.deepEqual(await due(1_000_000), []);
  });
}
