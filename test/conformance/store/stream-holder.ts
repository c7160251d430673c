import assert from 'node:assert/strict';
import { LeaseLost } from '../../../protocol/errors.ts';
import type { LeaseTerm } from '../../../protocol/ports/leases.ts';
import { anEvent } from './nouns.ts';
import type { StoreRig } from './rig.ts';
import { start_ms } from './rig.ts';

/** A stream's position moves for who follows the stream. */
export function streamHolderConformance(rig: StoreRig): void {
  const term = (holder: string, now_ms = start_ms): LeaseTerm => ({ holder, now_ms, lease_ms: 1_000 });
  const told = (tenantId: string, holder: string, value: string): Promise<void> =>
    rig.store.receive([
      {
        tenantId,
        installationId: 'sf',
        events: [anEvent(`event ${value}`)],
        cursor: { name: 'stream', value },
        streamHolder: holder,
      },
    ]);
  const position = (tenantId: string): Promise<string | undefined> =>
    rig.store.tenant(tenantId, (tx) => tx.cursor('sf', 'stream'));
  const waiting = (tenantId: string): Promise<number> => rig.store.tenant(tenantId, (tx) => tx.countWaitingInbox());

  it('is moved by the holder of the stream alone, and with it the events', async () => {
    await rig.store.leases.takeOffered('stream', term('p'), 10);
    await told('a', 'p', '1');
    await rig.store.leases.takeOffered('stream', term('q', start_ms + 1_000), 10);
    await assert.rejects(told('a', 'p', '2'), LeaseLost);
    assert.deepEqual([await position('a'), await waiting('a')], ['1', 1]);
    await told('a', 'q', '3');
    assert.deepEqual([await position('a'), await waiting('a')], ['3', 2]);
  });

  it('one that was late spoils nobody else’s commit', async () => {
    await rig.store.leases.takeOffered('stream', term('p'), 10);
    const all = await Promise.allSettled([
      ...['1', '2', '3'].map((value) => told('a', 'p', value)),
      told('b', 'nobody', '9'),
    ]);
    assert.deepEqual(
      all.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'fulfilled', 'rejected'],
    );
    assert.equal(await position('b'), undefined);
  });

  it('an account is offered when it is stored, and withdrawn when it is disconnected', async () => {
    const names = async (): Promise<string[]> =>
      (await rig.store.leases.renew('stream', term('p'))).map((key) => `${key.tenantId}/${key.installationId}`).sort();
    await rig.store.leases.takeOffered('stream', term('p'), 10);
    assert.deepEqual(await names(), ['a/hs', 'a/sf', 'b/hs', 'b/sf']);
    const save = (state: 'disconnected' | 'writing'): Promise<void> =>
      rig.store.tenant('a', (tx) => tx.updateInstallation('sf', { state }));
    await save('disconnected');
    assert.deepEqual(await names(), ['a/hs', 'b/hs', 'b/sf']);
    await save('writing');
    assert.deepEqual(
      (await rig.store.leases.takeOffered('stream', term('q'), 10)).map(({ installationId }) => installationId),
      ['sf'],
    );
  });
}
