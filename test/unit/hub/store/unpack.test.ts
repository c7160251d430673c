import assert from 'node:assert/strict';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { anEvent } from '../../../conformance/store/nouns.ts';
import { start_ms } from '../../../conformance/store/rig.ts';
import type { FreshDatabase } from '../../../kit/postgres.ts';
import { filledStore, sql } from './rig.ts';

describe('hub/store unpack', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  beforeEach(async () => {
    ({ store, database } = await filledStore());
  });
  afterEach(() => store.close());

  const receive = (count: number, of: string): Promise<void> =>
    store.receive([
      { tenantId: 'a', installationId: 'hs', events: Array.from({ length: count }, (_, at) => anEvent(`${of}-${at}`)) },
    ]);
  /** How many deliveries wait whole, and how many events wait on their own. */
  const waiting = async (): Promise<[number, number]> => {
    const [row] = await sql<{ packed: number; unpacked: number }>(
      database.appUrl,
      `set app.tenant = 'a';
       select (select count(*)::int from intake) as packed, (select count(*)::int from inbox) as unpacked`,
    );
    return [row?.packed ?? -1, row?.unpacked ?? -1];
  };

  it('leaves a delivery whole, in one row, until somebody looks', async () => {
    await receive(10, 'x');
    await receive(10, 'y');
    assert.deepEqual(await waiting(), [2, 0]);
    await store.tenant('a', (tx) => tx.takeInbox('hs', start_ms, 1));
    assert.deepEqual(await waiting(), [1, 10]);
    await store.tenant('b', (tx) => tx.countWaitingInbox());
    await store.tenant('a', (tx) => tx.takeInbox('sf', start_ms, 100));
    assert.deepEqual(await waiting(), [1, 10]);
  });

  it('unpacks no more at a time than is asked for, and what is counted in parts', async () => {
    for (let at = 0; at < 5; at++) await receive(1_000, `d${at}`);
    assert.equal((await store.tenant('a', (tx) => tx.takeInbox('hs', start_ms, 300))).length, 300);
    assert.deepEqual(await waiting(), [4, 1_000]);
    assert.equal(await store.tenant('a', (tx) => tx.countWaitingInbox()), 5_000);
    assert.deepEqual(await waiting(), [2, 3_000]);
  });

  it('leaves a delivery where it was when the transaction fails', async () => {
    await receive(10, 'x');
    await assert.rejects(
      store.tenant('a', async (tx) => {
        await tx.takeInbox('hs', start_ms, 100);
        throw new Error('halfway');
      }),
    );
    assert.deepEqual(await waiting(), [1, 0]);
  });

  it('empties all of it for who looks for somebody in it', async () => {
    for (let at = 0; at < 3; at++) await receive(1_000, `d${at}`);
    await store.tenant('a', (tx) => tx.eraseRow('hs', 'contacts', '1'));
    assert.deepEqual(await waiting(), [0, 3_000]);
  });
});
