import assert from 'node:assert/strict';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { setUp } from '../../../../hub/sync/set-up.ts';
import type { CrmApi } from '../../../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import { start_ms, SyncRig } from './sync-rig.ts';

const hour_ms = 3_600_000;
const poll = { tenantId: 'a', installationId: 'hs', lane: 'poll' } as const;

describe('hub/sync what an account says of itself', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let asked: number[];
  let timeZone: () => Promise<string>;
  let people: Awaited<ReturnType<CrmApi['people']>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    const api = await rig.deps.crm.api('a', 'hs');
    asked = [];
    timeZone = async () => 'Europe/Berlin';
    people = [{ userId: '1', ownerId: '1', name: 'Ada', email: 'ada@a.example' }];
    api.timeZone = () => {
      asked.push(hours());
      return timeZone();
    };
    api.people = async () => people;
    await setUp(rig.deps, 'a', 'hs');
    await rig.tx((tx) => tx.saveCursor('hs', 'backfill:companies', 'done'));
  });
  afterEach(() => rig.close());

  const hours = (): number => (rig.clock.now_ms() - start_ms) / hour_ms;
  const pollAt = async (...at_hours: number[]): Promise<void> => {
    for (const at of at_hours) {
      rig.clock.set(start_ms + at * hour_ms);
      await pollOnce(rig.deps, poll);
    }
  };
  const known = (): Promise<[string | null | undefined, string[]]> =>
    rig.tx(async (tx) => [
      (await tx.installations()).find(({ id }) => id === 'hs')?.timeZone,
      (await tx.people('hs')).map(({ name }) => name),
    ]);

  it('is read when it is set up, and again every day', async () => {
    assert.deepEqual(await known(), ['Europe/Berlin', ['Ada']]);
    timeZone = async () => 'America/New_York';
    people = [...people, { userId: '2', ownerId: '2', name: 'Ben', email: 'ben@a.example' }];
    await pollAt(0, 12, 23.9);
    assert.deepEqual([asked, await known()], [[0], ['Europe/Berlin', ['Ada']]]);
    await pollAt(24, 30, 47);
    assert.deepEqual(await known(), ['America/New_York', ['Ada', 'Ben']]);
    await pollAt(48, 60);
    assert.deepEqual(asked, [0, 24, 48]);
  });

  it('stays as it was when it cannot be read, is tried again in an hour, and holds up no row', async () => {
    timeZone = () => Promise.reject(new RetryLater('busy', 0));
    rig.put('companies', '1', { name: 'One' });
    await pollAt(24, 24.5, 25, 25.5);
    assert.deepEqual([asked, await known(), await rig.waiting()], [[0, 24, 25], ['Europe/Berlin', ['Ada']], 1]);
    timeZone = async () => 'America/New_York';
    await pollAt(26, 27);
    assert.deepEqual([asked, (await known())[0]], [[0, 24, 25, 26], 'America/New_York']);
  });

  it('says when the whole account is cut off', async () => {
    timeZone = () => Promise.reject(new Reconnect('revoked'));
    await assert.rejects(pollAt(24), Reconnect);
  });
});
