import assert from 'node:assert/strict';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { start_ms, SyncRig } from './sync-rig.ts';

const address = { tenantId: 'a', installationId: 'hs', lane: 'poll' } as const;
const minute_ms = 60_000;

describe('hub/sync poll', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
  });
  afterEach(() => rig.close());

  /** Where the walk over companies began, and how many pages it had. */
  const walk = async (): Promise<{ from_ms: number; id: string; pages: number }> => {
    rig.walks.length = 0;
    await pollOnce(rig.deps, address);
    const [first] = rig.walks;
    assert.ok(first);
    assert.ok(
      rig.walks.every(({ object }) => object === 'companies'),
      'what is not loaded yet is not polled',
    );
    return { from_ms: first.stamp_ms, id: first.id, pages: rig.walks.length };
  };
  const gap = (from_ms: number): Promise<void> =>
    rig.deps.store.receive([
      {
        tenantId: 'a',
        installationId: 'hs',
        events: [],
        cursor: { name: 'stream', value: 'x' },
        gaps: [{ object: 'companies', from_ms }],
      },
    ]);
  const stored = (name: string): Promise<string | undefined> => rig.tx((tx) => tx.cursor('hs', name));

  it('begins with the vendor’s own stamps, however far its clock is from ours', async () => {
    rig.put('companies', '1', { name: 'One' }, { stamp_ms: start_ms - 3_600_000 });
    assert.equal((await walk()).from_ms, 0);
    assert.equal(await rig.waiting(), 1);
  });

  it('reads a bulk with one stamp again only as long as the overlap', async () => {
    for (let id = 1; id <= 9; id += 1) rig.put('companies', String(id), { name: 'Bulk' });
    await walk();
    rig.clock.set(start_ms + minute_ms);
    assert.deepEqual(await walk(), { from_ms: start_ms - 2 * minute_ms, id: '', pages: 5 });
    rig.clock.set(start_ms + 3 * minute_ms);
    assert.equal((await walk()).pages, 5, 'once more, a whole walk later than the overlap');
    assert.deepEqual(await walk(), { from_ms: start_ms, id: '9', pages: 1 });
    rig.put('companies', '10', { name: 'Later' });
    assert.equal((await walk()).pages, 1);
    assert.equal((await walk()).from_ms, start_ms + minute_ms, 'a newer row has an overlap of its own');
  });

  it('closes a gap once, from the oldest instant told of, and keeps its own position', async () => {
    rig.put('companies', '1', { name: 'One' });
    await walk();
    const position = (await stored('poll:companies'))?.split(' ')[0];
    await gap(start_ms - 60 * minute_ms);
    await gap(start_ms - 30 * minute_ms);
    assert.equal((await walk()).from_ms, start_ms - 60 * minute_ms);
    assert.equal((await stored('poll:companies'))?.split(' ')[0], position);
    assert.equal(await stored('gap:companies'), undefined);
    assert.equal((await walk()).from_ms, start_ms - 2 * minute_ms);
  });

  it('a gap later than the position never moves the walk forward', async () => {
    rig.put('companies', '1', { name: 'One' });
    await walk();
    await gap(start_ms + 60 * minute_ms);
    assert.equal((await walk()).from_ms, start_ms - 2 * minute_ms);
  });

  it('keeps a gap that grew while it was closed', async () => {
    await gap(start_ms - minute_ms);
    const api = await rig.deps.crm.api('a', 'hs');
    const changedSince = api.changedSince.bind(api);
    let told = false;
    api.changedSince = async (...parameters) => {
      if (!told) await gap(start_ms - 50 * minute_ms);
      told = true;
      return changedSince(...parameters);
    };
    await pollOnce(rig.deps, address);
    assert.equal(await stored('gap:companies'), String(start_ms - 50 * minute_ms));
  });

  it('shows the account as answering again, and changes nothing else of it', async () => {
    const installation = async () => (await rig.tx((tx) => tx.installations())).find((one) => one.id === 'hs');
    const broken = await installation();
    assert.ok(broken);
    await rig.tx((tx) => tx.saveInstallation({ ...broken, brokenReason: 'revoked', state: 'linking' }));
    const api = await rig.deps.crm.api('a', 'hs');
    const changedSince = api.changedSince.bind(api);
    api.changedSince = async (...parameters) => {
      await rig.tx((tx) => tx.saveInstallation({ ...broken, brokenReason: 'revoked', state: 'writing' }));
      return changedSince(...parameters);
    };
    await pollOnce(rig.deps, address);
    assert.deepEqual([(await installation())?.brokenReason, (await installation())?.state], [null, 'writing']);
  });
});
