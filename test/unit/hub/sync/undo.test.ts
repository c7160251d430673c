import assert from 'node:assert/strict';
import type { Author } from '../../../../protocol/nouns.ts';
import { restoreConflict } from '../../../../hub/sync/restore-conflict.ts';
import { undoChanges, type Undone, type UndoneField } from '../../../../hub/sync/undo-changes.ts';
import { SyncRig } from './sync-rig.ts';

const admin: Author = { kind: 'person', userId: 'admin' };

describe('hub/sync: what was lost or changed comes back', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  beforeEach(async () => {
    rig = await SyncRig.open();
  });
  afterEach(() => rig.close());

  const address = { address: 'Old Street 1', city: 'Oldtown', zip: '11111', country: 'Austria' };

  async function fieldsOf(id: string): Promise<Record<string, unknown>> {
    const recordId = (await rig.link('companies', id))?.recordId ?? '';
    return { ...(await rig.tx((tx) => tx.record(recordId)))?.fields };
  }

  it('a conflict gives its value back, a group whole, in the name of who asked', async () => {
    rig.put('companies', '1', { name: 'One', ...address });
    await rig.observe('companies', '1');
    const recordId = (await rig.link('companies', '1'))?.recordId ?? '';
    const lostTogether = { recordId, winner: 'hubspot', loser: 'salesforce', reason: 'rule', at_ms: 7 } as const;
    await rig.tx((tx) =>
      tx.addConflicts([
        { ...lostTogether, id: 'c1', field: 'street', lost: 'New Road 9', kept: 'Old Street 1' },
        { ...lostTogether, id: 'c2', field: 'city', lost: 'Newtown', kept: 'Oldtown' },
        { ...lostTogether, id: 'c3', field: 'name', lost: 'Two', kept: 'One' },
      ]),
    );
    const restored = await restoreConflict(rig.deps, 'a', 'c2', admin);
    assert.deepEqual(restored.fields.toSorted(), ['city', 'street']);
    const fields = await fieldsOf('1');
    assert.deepEqual(
      [fields['street'], fields['city'], fields['postalCode'], fields['name']],
      ['New Road 9', 'Newtown', '11111', 'One'],
    );
    const changes = await rig.tx((tx) => tx.changesOf(recordId, 2));
    for (const change of changes) assert.deepEqual([change.author, change.cause.lane], [admin, 'restore']);
    assert.notEqual((await rig.link('companies', '1'))?.deliverAt_ms, null, 'it goes to the CRM');
    const never = { name: 'Gone', message: 'There is no such conflict.' };
    await assert.rejects(restoreConflict(rig.deps, 'a', 'c9', admin), never);
    await assert.rejects(restoreConflict(rig.deps, 'b', 'c2', admin));
  });

  it('a set of changes is taken back but where somebody has been since; twice takes back nothing more', async () => {
    const ids = ['1', '2', '3', '4'];
    for (const id of ids) rig.put('companies', id, { name: `N${id}`, phone: `+49 ${id}`, ...address });
    await rig.observe('companies', ...ids);
    const from_ms = rig.clock.now_ms();
    for (const id of ids) rig.put('companies', id, { name: `N${id}`, phone: '', ...address, city: 'Wrongtown' });
    await rig.observe('companies', ...ids);
    const set = { from_ms, to_ms: rig.clock.now_ms(), side: 'hubspot', userId: '1' } as const;
    rig.clock.set(rig.clock.now_ms() + 5_000);
    rig.put('companies', '3', { name: 'N3', phone: '+49 new', ...address, city: 'Wrongtown' });
    rig.put('companies', '4', { name: 'N4', phone: '', ...address, city: 'Wrongtown', zip: '99999' });
    await rig.observe('companies', '3', '4');

    const pages: Undone[] = [];
    const told: UndoneField[] = [];
    const seen = {
      by: admin,
      dryRun: true,
      onPage: (sofar: Undone): unknown => pages.push(sofar),
      onField: (field: UndoneField): unknown => told.push(field),
    };
    const counted = await undoChanges(rig.deps, 'a', set, seen);
    assert.deepEqual(counted, { records: 4, fields: 6, kept: 2 });
    assert.deepEqual(pages, [counted]);
    const first = (await rig.link('companies', '1'))?.recordId;
    assert.deepEqual(
      told.filter((one) => one.recordId === first).map(({ kind, field, from, to }) => [kind, field, from, to]),
      [
        ['company', 'phone', null, '+49 1'],
        ['company', 'city', 'Wrongtown', 'Oldtown'],
      ],
    );
    assert.equal(told.length, 6);
    assert.equal((await fieldsOf('1'))['city'], 'Wrongtown', 'a dry run changes nothing');

    assert.deepEqual(await undoChanges(rig.deps, 'a', set, { by: admin, dryRun: false }), counted);
    const [one, three, four] = [await fieldsOf('1'), await fieldsOf('3'), await fieldsOf('4')];
    assert.deepEqual([one['phone'], one['city']], ['+49 1', 'Oldtown']);
    assert.deepEqual([three['phone'], three['city']], ['+49 new', 'Oldtown']);
    assert.deepEqual(
      [four['phone'], four['city'], four['postalCode']],
      ['+49 4', 'Wrongtown', '99999'],
      'a group stays whole',
    );
    assert.deepEqual(await undoChanges(rig.deps, 'a', { ...set, userId: '2' }, { by: admin, dryRun: false }), {
      records: 0,
      fields: 0,
      kept: 0,
    });
    const again = await undoChanges(rig.deps, 'a', set, { by: admin, dryRun: false });
    assert.deepEqual([again.records, again.fields], [0, 0]);
  });
});
