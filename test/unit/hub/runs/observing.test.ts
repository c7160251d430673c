import assert from 'node:assert/strict';
import { startMatched } from '../../../../hub/runs/start-matched.ts';
import { startRun, type Asker } from '../../../../hub/runs/start-run.ts';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import { aChange } from '../../../conformance/store/nouns.ts';
import { start_ms } from '../../../conformance/store/rig.ts';
import { filledStore } from '../store/rig.ts';
import { VirtualClock } from './virtual-clock.ts';

describe('Accounts that are only observed', () => {
  let store: OpenStore;
  before(async () => ({ store } = await filledStore()));
  after(() => store.close());

  const tx = <T>(work: (tx: TenantTx) => Promise<T>): Promise<T> => store.tenant('a', work);
  const setStates = (states: Readonly<Record<string, Installation['state']>>): Promise<void> =>
    tx(async (tx) => {
      for (const [id, state] of Object.entries(states)) await tx.updateInstallation(id, { state });
    });
  let nextId = 0;
  const ids = { next: (): string => `id-${nextId++}` };
  const started = async (): Promise<number> =>
    Object.values((await tx((tx) => tx.status())).runs).reduce((sum, count) => sum + count, 0);

  it('start nothing by a change seen there, while those that are written to do', async () => {
    const triggers = [{ job: 'research', kind: 'deal', field: 'stage', value: 'qualified' }] as const;
    const change = aChange('c1', { field: 'stage', after: 'qualified' });
    for (const state of ['observing', 'linking', 'disconnected', 'writing'] as const) {
      await setStates({ hs: state });
      const asked = await tx(async (tx) => {
        const [installation] = (await tx.installations()).filter(({ id }) => id === 'hs') as [Installation];
        return startMatched({ ids, triggers }, tx, { installation, kind: 'deal', changes: [change], now_ms: start_ms });
      });
      assert.deepEqual([asked, await started()], state === 'writing' ? [true, 1] : [false, 0], state);
    }
  });

  it('refuse a click and a workflow step while none is written to', async () => {
    const due = () => store.dueNow(start_ms, 10, ['runs']);
    const before = [await started(), await due()];
    const deps = { store, ids, clock: new VirtualClock(start_ms), bell: { ring: async () => undefined } };
    const ask = (asker: Asker) => startRun(deps, 'a', { job: 'research', recordId: 'r9' }, asker);
    await setStates({ hs: 'observing', sf: 'linking' });
    assert.deepEqual(await ask({ click: 'one', userId: '7' }), { refused: 'observing' });
    assert.deepEqual(await ask({ callbackId: 'ap-1', installationId: 'hs' }), { refused: 'observing' });
    assert.deepEqual([await started(), await due()], before);
    await setStates({ sf: 'writing' });
    const answer = await ask({ click: 'one', userId: '7' });
    assert.ok('started' in answer && answer.started);
  });
});
