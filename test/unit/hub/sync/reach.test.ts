import assert from 'node:assert/strict';
import { backfillPage } from '../../../../hub/sync/backfill.ts';
import { deliverBatch } from '../../../../hub/sync/deliver.ts';
import { linkMissing } from '../../../../hub/sync/link-missing.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { pollOnce } from '../../../../hub/sync/poll.ts';
import { Fault, OutOfReach } from '../../../../protocol/errors.ts';
import type { Installation } from '../../../../protocol/nouns.ts';
import { address, SyncRig } from './sync-rig.ts';

const backfill = { ...address, lane: 'backfill' } as const;
const poll = { ...address, lane: 'poll' } as const;
const deliver = { ...address, lane: 'deliver' } as const;
const remedy = 'An admin must connect this account again and grant contacts.';

describe('hub/sync an object that the grant does not reach', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  /** Objects that answer no call, and with what. */
  let refused: Map<string, Error>;
  beforeEach(async () => {
    rig = await SyncRig.open();
    refused = new Map([['contacts', new OutOfReach('HubSpot does not allow contacts.', remedy)]]);
    const api = await rig.deps.crm.api('a', 'hs');
    const before = { ...api };
    const check = (object: string): void => {
      const error = refused.get(object);
      if (error) throw error;
    };
    api.read = async (object, ...rest) => (check(object), before.read(object, ...rest));
    api.changedSince = async (object, ...rest) => (check(object), before.changedSince(object, ...rest));
    api.list = async (object, ...rest) => (check(object), before.list(object, ...rest));
    api.walk = async (object, ...rest) => (check(object), before.walk(object, ...rest));
    const crm = { ...rig.deps.crm };
    rig.deps.crm.describe = async (...about) => (refused.has(about[2]) ? undefined : crm.describe(...about));
    await rig.tx(async (tx) => {
      for (const one of await tx.installations()) {
        // One account alone, whose first load begins.
        const state = one.id === 'hs' ? 'linking' : 'disconnected';
        await tx.updateInstallation(one.id, { state, confirmed: true });
      }
      await tx.saveCursor('hs', 'set-up', 'done');
    });
    rig.put('companies', '1', { name: 'One', domain: 'one.example' });
    rig.put('deals', '1', { dealname: 'Deal', 'association:companies': '1', 'associations:contacts': [] });
    rig.put('contacts', '1', { email: 'ann@one.example', 'association:companies': '1' });
  });
  afterEach(() => rig.close());

  const installation = async (): Promise<Installation> => {
    const found = (await rig.tx((tx) => tx.installations())).find((one) => one.id === 'hs');
    assert.ok(found);
    return found;
  };
  const shown = async (): Promise<string[]> =>
    (await rig.tx((tx) => tx.parkedEntries('', 100)))
      .filter((one) => one.externalId === null && one.recordId === null)
      .map((one) => `${one.object}: ${one.detail} ${one.remedy}`);
  /** Loads, looks and polls until there is nothing more to do. */
  const settle = async (): Promise<void> => {
    for (let round = 0; round < 30; round += 1) {
      const next = [await backfillPage(rig.deps, backfill), await observeBatch(rig.deps, address)];
      rig.clock.set(rig.clock.now_ms() + 500);
      if (next.every((at_ms) => at_ms === undefined)) return;
    }
    assert.fail('it does not come to rest');
  };
  const entry = `contacts: HubSpot does not allow contacts. ${remedy}`;

  it('is left out of the first load and shown with its remedy; the others are read, and writing opens', async () => {
    await settle();
    assert.equal((await installation()).state, 'writing');
    assert.ok((await rig.link('companies', '1'))?.base);
    assert.ok((await rig.link('deals', '1'))?.base);
    assert.deepEqual(await shown(), [entry]);
    await pollOnce(rig.deps, poll);
    assert.deepEqual(
      rig.walks.map(({ object }) => object),
      ['companies', 'deals'],
    );
    assert.deepEqual(await shown(), [entry], 'once');
  });

  it('is picked up when it is granted: read whole before anything is written there', async () => {
    await settle();
    // The same person, known from elsewhere: not to be made a second time.
    const known = await person('ann@one.example', '00000000-0000-7000-8000-000000000001');
    const other = await person('bob@two.example', '00000000-0000-7000-8000-000000000002');
    await wantThere(known, other);
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(made(), []);
    refused.clear();
    await pollOnce(rig.deps, poll);
    assert.deepEqual(await shown(), []);
    await deliverBatch(rig.deps, deliver);
    assert.deepEqual(made(), [], 'not before it was read');
    await settle();
    await deliverBatch(rig.deps, deliver);
    assert.equal((await rig.link('contacts', '1'))?.recordId, known);
    assert.deepEqual(made(), ['bob@two.example']);
  });

  it('that is lost later keeps no other waiting, and what it told meanwhile is read when it is granted again', async () => {
    refused.clear();
    await settle();
    await deliverBatch(rig.deps, deliver);
    refused.set('contacts', new OutOfReach('HubSpot does not allow contacts.', remedy));
    rig.put('contacts', '1', { email: 'ann@one.example', firstname: 'Ann', 'association:companies': '1' });
    await rig.hint('contacts', '1');
    rig.put('companies', '2', { name: 'Two' });
    await rig.observe('companies', '2');
    assert.ok((await rig.link('companies', '2'))?.base);
    assert.equal(await rig.waiting(), 1, 'what happened there waits, and is seen as what it was');
    assert.deepEqual(await shown(), [entry]);
    rig.clock.set(rig.clock.now_ms() + 30_000);
    await pollOnce(rig.deps, poll);
    assert.ok(rig.walks.some(({ object }) => object === 'companies'));
    refused.clear();
    rig.clock.set(rig.clock.now_ms() + 30_000);
    await pollOnce(rig.deps, poll);
    assert.deepEqual(await shown(), []);
    await settle();
    assert.equal((await rig.link('contacts', '1'))?.base?.['firstName'], 'Ann');
    const recordId = (await rig.link('contacts', '1'))?.recordId ?? '';
    const changes = await rig.tx((tx) => tx.changesOf(recordId, 5));
    assert.ok(changes.some(({ field, cause }) => field === 'firstName' && cause.lane === 'event'));
  });

  it('a first load that fails at one object goes on with the others, and tries it ever more seldom', async () => {
    refused.set('contacts', new Fault('unexpected answer'));
    const pauses: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const next_ms = await backfillPage(rig.deps, backfill);
      assert.ok(next_ms !== undefined);
      if (next_ms > rig.clock.now_ms()) pauses.push(next_ms - rig.clock.now_ms());
      rig.clock.set(next_ms);
      await observeBatch(rig.deps, address);
    }
    assert.ok((await rig.link('deals', '1'))?.base);
    assert.equal((await installation()).state, 'linking', 'it may be there in a minute');
    assert.ok((pauses[0] as number) <= 2_000 && pauses.at(-1) === 60_000, String(pauses));
    refused.clear();
    await settle();
    assert.equal((await installation()).state, 'writing');
    assert.ok((await rig.link('contacts', '1'))?.base);
  });

  const made = (): unknown[] =>
    rig.writes
      .filter(({ object, externalId }) => object === 'contacts' && externalId.startsWith('made'))
      .map(({ fields }) => fields['email']);
  const person = async (email: string, id: string): Promise<string> => {
    const record = {
      id,
      kind: 'contact',
      fields: { email },
      stamps: {},
      deletedAt_ms: null,
      mergedInto: null,
    } as const;
    const matchKeys = rig.deps.mapper.matchKeys('contact', { email }).flat();
    await rig.tx((tx) => tx.saveRecords([{ record, matchKeys }]));
    return id;
  };
  /** As a new record of another account wants its row here. */
  const wantThere = (...ids: string[]): Promise<void> =>
    rig.tx(async (tx) => {
      const here = (await tx.installations()).find((one) => one.id === 'hs') as Installation;
      await linkMissing(rig.deps, tx, here, 'contact', ids);
    });
});
