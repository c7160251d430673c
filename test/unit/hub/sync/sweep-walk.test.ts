import assert from 'node:assert/strict';
import { askForSweep } from '../../../../hub/sync/ask-for-sweep.ts';
import { readSweep, type SweepPosition } from '../../../../hub/sync/sweep-position.ts';
import { sweepOnce } from '../../../../hub/sync/sweep.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { SyncRig } from './sync-rig.ts';

const hour_ms = 3_600_000;

describe('hub/sync walks of a sweep', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let api: CrmApi;
  let walk: CrmApi['walk'];
  beforeEach(async () => {
    rig = await SyncRig.open();
    api = await rig.deps.crm.api('a', 'hs');
    walk = api.walk.bind(api);
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
    const ids = ['1', '2', '3', '4', '5', '6', '7'];
    for (const id of ids) rig.put('companies', id, { name: `Company ${id}`, domain: `c${id}.example` });
    await rig.observe('companies', ...ids);
    await go();
    await rig.tx((tx) => askForSweep(rig.deps, tx, 'hs'));
  });
  afterEach(() => rig.close());

  const go = () => sweepOnce(rig.deps, { tenantId: 'a', installationId: 'hs', lane: 'sweep' }, 24 * hour_ms);
  const sweep = async (): Promise<SweepPosition> => {
    for (let next_ms: number | undefined = 0; next_ms !== undefined && next_ms <= rig.clock.now_ms();)
      next_ms = await go();
    const position = readSweep(await rig.tx((tx) => tx.cursor('hs', 'sweep:companies')));
    assert.ok(position);
    return position;
  };

  it('one that takes longer than half a day, and moves, comes to its end', async () => {
    api.walk = async (...asked) => {
      rig.clock.set(rig.clock.now_ms() + 5 * hour_ms);
      return walk(...asked);
    };
    for (let page = 0; page < 4; page += 1) await go();
    const { last } = await sweep();
    assert.deepEqual([last?.rows, rig.listings.length], [7, 4]);
  });

  it('a page without rows that is not the last says nothing of any row', async () => {
    api.walk = async (object, after, purpose) =>
      after === '4' ? { rows: [], next: '4 on' } : walk(object, after === '4 on' ? '4' : after, purpose);
    rig.rows.delete('companies:6');
    const { last } = await sweep();
    assert.deepEqual([last?.rows, last?.equal, last?.missing], [6, 6, 1]);
    assert.deepEqual(
      rig.listings.map(({ after }) => after),
      [undefined, '2', '4', '4'],
    );
  });
});
