import assert from 'node:assert/strict';
import { readParked } from '../../../../hub/view/parked-list.ts';
import { readHistory } from '../../../../hub/view/record-history.ts';
import { aParked } from '../../../conformance/store/nouns.ts';
import { SyncRig } from '../sync/sync-rig.ts';

describe('hub/view: what an operator reads', () => {
  let rig: Awaited<ReturnType<typeof SyncRig.open>>;
  let company = '';
  before(async () => {
    rig = await SyncRig.open();
    rig.put('companies', '1', { name: 'Helios Energy' });
    await rig.observe('companies', '1');
    company = (await rig.link('companies', '1'))?.recordId ?? '';
    rig.put('deals', '5', { dealname: 'Licence', 'association:companies': '1' });
    await rig.observe('deals', '5');
    const person = { installationId: 'hs', userId: '1', ownerId: '9', name: 'Lena Vogt', email: 'lena@x.example' };
    await rig.tx((tx) => tx.savePeople([person]));
  });
  after(() => rig.close());

  it('the history has every field of the kind, who changed it, and what references refer to', async () => {
    const row = { installationId: 'hs', object: 'deals', externalId: '5' };
    const history = await rig.tx((tx) => readHistory(rig.deps.mapper, tx, row));
    assert.ok(history);
    assert.deepEqual([history.kind, history.name, history.names], ['deal', 'Licence', { [company]: 'Helios Energy' }]);
    const names = rig.deps.mapper.mappings.kinds.deal.fields.map(({ name }) => name);
    assert.deepEqual(
      history.fields.map(({ field }) => field),
      names.toSorted(),
    );
    const [change] = history.fields.find(({ field }) => field === 'company')?.changes ?? [];
    assert.deepEqual([change?.by, change?.name, change?.because], ['person:1', 'Lena Vogt', 'first']);
    assert.equal(await rig.tx((tx) => readHistory(rig.deps.mapper, tx, { ...row, externalId: '6' })), undefined);
  });

  it('what is parked has names, what it waits for, and whether trying it again can help', async () => {
    const deal = (await rig.link('deals', '5'))?.recordId ?? '';
    const at = { installationId: 'hs', field: null, value: null, waitsFor: null } as const;
    await rig.tx((tx) =>
      tx.park([
        aParked('k1', {
          ...at,
          object: 'companies',
          externalId: '2',
          recordId: null,
          cause: 'ambiguous_match',
          detail: company,
        }),
        aParked('k2', { ...at, externalId: '6', recordId: null, cause: 'missing_parent', waitsFor: 'companies:2' }),
        aParked('k3', {
          ...at,
          externalId: null,
          recordId: deal,
          field: 'company',
          cause: 'missing_parent',
          value: company,
        }),
        aParked('k4', { ...at, externalId: '5', recordId: deal, field: 'name', cause: 'too_long' }),
        aParked('k5', { ...at, externalId: null, recordId: null, cause: 'unreadable' }),
        aParked('k6', { ...at, externalId: '7', recordId: deal, cause: 'mass_delete' }),
      ]),
    );
    const first = await rig.tx((tx) => readParked(tx, '', 3));
    const rest = await rig.tx((tx) => readParked(tx, first.at(-1)?.id ?? '', 10));
    const shown = [...first, ...rest].map((one) => [one.id, one.name, one.candidates, one.waitsFor, one.canRetry]);
    assert.deepEqual(shown, [
      ['k1', null, ['Helios Energy'], null, true],
      ['k2', null, [], { object: 'companies', id: '2', name: null }, false],
      ['k3', 'Licence', [], { object: 'company', id: company, name: 'Helios Energy' }, false],
      ['k4', 'Licence', [], null, true],
      ['k5', null, [], null, false],
      ['k6', 'Licence', [], null, false],
    ]);
  });
});
