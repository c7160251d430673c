import assert from 'node:assert/strict';
import { RetryLater } from '../../../protocol/errors.ts';
import type { StoredRecord } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import { aLink, anEvent, aRecord } from '../../conformance/store/nouns.ts';
import { start_ms, tenantNamed } from '../../conformance/store/rig.ts';
import { seededIds } from '../../sim/seeded-ids.ts';
import { seededRandom } from '../../sim/seeded-random.ts';
import { createSimStore } from '../../sim/store/create-sim-store.ts';
import { settle, VirtualClock } from '../../sim/virtual-clock.ts';

/** What the conformance suite cannot ask of both databases, or not without real time. */
describe('store of the simulator', () => {
  const clock = new VirtualClock(start_ms);
  let store: ReturnType<typeof createSimStore>;
  beforeEach(async () => {
    store = createSimStore({ clock, ids: seededIds(seededRandom(1), clock) });
    await store.provisionTenant(tenantNamed('a'));
    await save('r1', 'r2');
  });

  const save = (...ids: string[]): Promise<void> =>
    store.tenant('a', (tx) => tx.saveRecords(ids.map((id) => ({ record: aRecord(id), matchKeys: [id] }))));
  const rename = (tx: TenantTx, id: string, name: string): Promise<void> =>
    tx.saveRecords([{ record: aRecord(id, { fields: { name } }), matchKeys: [name] }]);
  const nameOf = (id: string): Promise<unknown> => store.tenant('a', async (tx) => (await tx.record(id))?.fields.name);

  /** A transaction that goes on step by step as the test says. */
  const stepwise = (...steps: ((tx: TenantTx) => Promise<unknown>)[]) => {
    const gates = steps.map(() => Promise.withResolvers<void>());
    const ended = store.tenant('a', async (tx) => {
      for (const [at, step] of steps.entries()) {
        await gates[at]?.promise;
        await step(tx);
      }
    });
    const outcome = ended.then(
      () => 'committed',
      (error: unknown) => error,
    );
    let open = 0;
    const next = (): Promise<void> => {
      gates[open++]?.resolve();
      return settle();
    };
    return { next, outcome };
  };

  it('shows nobody what is not committed, and leaves nothing of it after a rollback', async () => {
    const fault = new Error('halfway');
    const open = Promise.withResolvers<void>();
    const failing = store.tenant('a', async (tx) => {
      await rename(tx, 'r1', 'dirty');
      await tx.saveLinks([aLink('l1', { recordId: 'r1', deliverAt_ms: 1 })]);
      await tx.addInbox('hs', [anEvent('lost')]);
      await tx.markDue('hs', 'deliver', 1);
      await open.promise;
      throw fault;
    });
    await settle();
    const seen = (): Promise<unknown> =>
      store.tenant('a', async (tx) => [
        (await tx.record('r1'))?.fields.name,
        await tx.linksOfRecords(['r1']),
        await tx.recordsByMatchKey('deal', ['dirty']),
        await tx.linksToDeliver('hs', ['deals'], 10, 10),
        await tx.countWaitingInbox(),
        await store.dueNow(10, 10),
      ]);
    const nothing = ['Deal r1', [], [], [], 0, []];
    assert.deepEqual(await seen(), nothing);
    open.resolve();
    await assert.rejects(failing, fault);
    assert.deepEqual(await seen(), nothing);
    // Its locks are gone, too.
    await store.tenant('a', (tx) => rename(tx, 'r1', 'free'));
    assert.equal(await nameOf('r1'), 'free');
  });

  it('makes the second writer of a row wait, and lets it see the first one’s row', async () => {
    const first = Promise.withResolvers<void>();
    const writing = store.tenant('a', async (tx) => {
      await rename(tx, 'r1', 'first');
      await first.promise;
    });
    let seen: StoredRecord[] = [];
    const waiting = store.tenant('a', async (tx) => {
      seen = await tx.lockRecords(['r1', 'r2']);
    });
    await settle();
    assert.equal(seen.length, 0);
    first.resolve();
    await Promise.all([writing, waiting]);
    assert.deepEqual(
      seen.map(({ fields }) => fields.name),
      ['first', 'Deal r2'],
    );
  });

  it('ends one of two transactions that would wait for one another', async () => {
    const one = stepwise(
      (tx) => rename(tx, 'r1', 'one'),
      (tx) => rename(tx, 'r2', 'one'),
    );
    const two = stepwise(
      (tx) => rename(tx, 'r2', 'two'),
      (tx) => rename(tx, 'r1', 'two'),
    );
    for (const each of [one, two, one, two]) await each.next();
    assert.equal(await one.outcome, 'committed');
    const refused = await two.outcome;
    assert.ok(refused instanceof RetryLater);
    assert.equal(refused.retryAt_ms, start_ms + 100);
    assert.deepEqual([await nameOf('r1'), await nameOf('r2')], ['one', 'one']);
  });

  it('lets go on what touches other rows', async () => {
    const held = Promise.withResolvers<void>();
    const holding = store.tenant('a', async (tx) => {
      await tx.lockRecords(['r1']);
      await held.promise;
    });
    await store.tenant('a', (tx) => rename(tx, 'r2', 'quick'));
    assert.equal(await nameOf('r2'), 'quick');
    held.resolve();
    await holding;
  });

  it('takes the open transactions of a process that dies, keeps what it committed, and frees what it held', async () => {
    const process = store.connect();
    await process.store.tenant('a', (tx) => rename(tx, 'r1', 'committed'));
    let waited = false;
    void process.store.tenant('a', async (tx) => {
      await rename(tx, 'r1', 'dying');
      await tx.markDue('hs', 'deliver', 1);
      await new Promise<never>(() => undefined);
    });
    void process.store.tenant('a', async (tx) => {
      await tx.lockRecords(['r1']);
      waited = true;
    });
    await settle();
    process.cut();
    await settle();
    assert.equal(waited, false, 'the dead get no locks');
    assert.equal(await nameOf('r1'), 'committed');
    assert.deepEqual(await store.dueNow(10, 10), []);
    await store.tenant('a', (tx) => rename(tx, 'r1', 'next life'));
    assert.equal(await nameOf('r1'), 'next life');
  });

  it('refuses to commit after a statement failed, and to be used after the end', async () => {
    await store.tenant('a', (tx) => tx.saveLinks([aLink('l1', { recordId: 'r1' })]));
    await assert.rejects(
      store.tenant('a', async (tx) => {
        await rename(tx, 'r1', 'swallowed');
        await tx.saveLinks([aLink('l2', { recordId: 'r1' })]).catch(() => undefined);
      }),
      /can only be rolled back/,
    );
    assert.equal(await nameOf('r1'), 'Deal r1');
    let kept: TenantTx | undefined;
    await store.tenant('a', async (tx) => {
      kept = tx;
    });
    await assert.rejects(async () => kept?.record('r1'), /has ended/);
  });

  it('gives rows that nobody can change in place, without what a database drops', async () => {
    const fields = { name: 'a\0b\ud800', list: ['x'], gone: undefined as unknown as null, no: Number.NaN };
    await store.tenant('a', (tx) => tx.saveRecords([{ record: aRecord('r3', { fields }), matchKeys: [] }]));
    fields.list.push('later');
    const record = await store.tenant('a', (tx) => tx.record('r3'));
    assert.deepEqual(record?.fields, { no: null, list: ['x'], name: 'ab\ufffd' });
    assert.deepEqual(Object.keys(record?.fields ?? {}), ['no', 'list', 'name']);
    assert.throws(() => Object.assign(record?.fields ?? {}, { name: 'changed' }), TypeError);
  });
});
