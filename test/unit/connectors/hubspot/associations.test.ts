import assert from 'node:assert/strict';
import type { CrmApi, RowOutcome } from '../../../../protocol/crm-connector.ts';
import { Reconnect, Rejected, RetryLater } from '../../../../protocol/errors.ts';
import type { VendorFields, VendorValue } from '../../../../protocol/fields.ts';
import { hubspotBench } from '../../../conformance/crm-hubspot.ts';
import type { CrmBench } from '../../../conformance/crm-bench.ts';
import { openApi } from './open-api.ts';

const purpose = { lane: 'interactive', what: 'test' } as const;

describe('HubSpot associations', () => {
  let bench: CrmBench;
  let api: CrmApi;
  let calls: number;
  let next = 0;
  beforeEach(async () => {
    bench = await hubspotBench();
    calls = 0;
    api = bench.open({
      call(_about, send) {
        calls += 1;
        return send(() => undefined);
      },
    });
  });
  afterEach(() => bench.stop());

  const write = async (object: string, externalId: string | null, fields: VendorFields): Promise<RowOutcome> => {
    next += 1;
    const row = { recordId: `r${next}`, externalId, fields, before: {} };
    const outcomes = await api.write(object, 'rapport_id', [row], [], purpose);
    return outcomes[0] as RowOutcome;
  };
  const make = async (object: string, fields: VendorFields): Promise<string> => {
    const outcome = await write(object, null, fields);
    assert.equal(outcome.status, 'ok', JSON.stringify(outcome));
    return outcome.status === 'ok' ? outcome.externalId : '';
  };
  const read = async (object: string, id: string, field: string): Promise<VendorValue | undefined> =>
    (await api.read(object, [id], [field], purpose)).rows[0]?.fields[field];

  it('sets, replaces and clears the primary company; a former one stays, unlabelled', async () => {
    const [a, b] = [await make('companies', { name: 'A' }), await make('companies', { name: 'B' })];
    const deal = { dealname: 'D', pipeline: 'default', dealstage: 'appointmentscheduled' };
    const id = await make('deals', { ...deal, 'association:companies': a });
    assert.equal(await read('deals', id, 'association:companies'), a);
    await write('deals', id, { 'association:companies': b });
    assert.equal(await read('deals', id, 'association:companies'), b);
    assert.deepEqual(await read('deals', id, 'associations:companies'), [a, b].toSorted());
    await write('deals', id, { 'association:companies': null });
    assert.equal(await read('deals', id, 'association:companies'), null);
    assert.deepEqual(await read('deals', id, 'associations:companies'), [a]);
  });

  it('a row that was taken is read back, whatever became of its associations, and never sent again as a new one', async () => {
    const deal = { dealname: 'D', pipeline: 'default', dealstage: 'appointmentscheduled' };
    const company = await make('companies', { name: 'A' });
    const failures: Error[] = [new RetryLater('busy', 0), new Reconnect('revoked')];
    for (const failure of failures) {
      let isTaken = false;
      const busy = bench.open({
        async call(about, send) {
          if (isTaken) throw failure;
          const answer = await send(() => undefined);
          isTaken = about.object === 'deals';
          return answer;
        },
      });
      const row = { recordId: `busy-${failure.name}`, externalId: null, before: {} };
      const fields = { ...deal, 'association:companies': company };
      const [outcome] = await busy.write('deals', 'rapport_id', [{ ...row, fields }], [], purpose);
      assert.equal(outcome?.status === 'failed' && outcome.error.name, 'Uncertain', failure.name);
    }
    const refused = await write('deals', null, { ...deal, 'association:companies': bench.absent.id });
    const said = refused.status === 'failed' && refused.error.name;
    assert.equal(said, 'Uncertain', 'what is refused of a new row is refused again by the next write, an update');
  });

  it('ties a note to its one deal', async () => {
    const deal = { pipeline: 'default', dealstage: 'appointmentscheduled' };
    const [a, b] = [await make('deals', { ...deal, dealname: 'A' }), await make('deals', { ...deal, dealname: 'B' })];
    await api.ensureFields?.('notes', [{ name: 'rapport_id', label: 'Rapport id', type: 'text', unique: true }]);
    const note = { hs_note_body: '<p>x</p>', hs_timestamp: '2026-11-22T10:00:00Z', 'association:deals': a };
    const id = await make('notes', note);
    assert.equal(await read('notes', id, 'association:deals'), a);
    await write('notes', id, { 'association:deals': b });
    assert.equal(await read('notes', id, 'association:deals'), b);
  });

  it('reads associations only when they are asked for', async () => {
    const id = await make('contacts', { email: 'a@b.example' });
    calls = 0;
    await api.read('contacts', [id], ['email'], purpose);
    assert.equal(calls, 1);
    assert.equal(await read('contacts', id, 'association:companies'), null);
    assert.equal(calls, 3);
  });

  it('keeps what was written when a peer is refused, and names the field', async () => {
    const id = await make('contacts', { email: 'old@d.example' });
    const outcome = await write('contacts', id, { email: 'c@d.example', 'association:companies': bench.absent.id });
    assert.ok(outcome.status === 'failed' && outcome.error instanceof Rejected, JSON.stringify(outcome));
    assert.equal(outcome.error.field, 'association:companies');
    assert.equal(await read('contacts', id, 'email'), 'c@d.example');
  });
});

describe('HubSpot association removals', () => {
  it('take it well that a pair is gone already, and do the others', async () => {
    const open = await openApi((seen) =>
      seen.body.includes('"8"') ? { status: 404, body: { message: 'not found' } } : { status: 204 },
    );
    const field = 'associations:contacts';
    const row = { recordId: 'r', externalId: '1', fields: { [field]: [] }, before: { [field]: ['7', '8', '9'] } };
    const outcomes = await open.api.write('deals', 'rapport_id', [row], [], purpose);
    await open.vendor.stop();
    assert.deepEqual(outcomes, [{ status: 'ok', externalId: '1', row: null }]);
    const alone = (id: string): boolean =>
      open.calls().some((call) => call.body.includes(`"${id}"`) && !call.body.includes('"8"'));
    assert.ok(alone('7') && alone('9'), JSON.stringify(open.calls().map((call) => call.body)));
  });
});

describe('HubSpot association reads', () => {
  it('follow pages, and leave absent what could not be read', async () => {
    const updatedAt = '2026-11-22T10:00:00Z';
    const peer = (toObjectId: number) => ({ toObjectId, associationTypes: [{ typeId: 3 }] });
    const open = await openApi((seen) => {
      if (seen.path.startsWith('/crm/objects/')) {
        const results = ['1', '2', '3'].map((id) => ({ id, properties: {}, updatedAt }));
        return { status: 200, body: { results } };
      }
      const page2 = seen.body.includes('"after":"p2"');
      const results = page2
        ? [{ from: { id: '1' }, to: [peer(20)] }]
        : [{ from: { id: '1' }, to: [peer(100)], paging: { next: { after: 'p2' } } }];
      const errors = [
        {
          category: 'OBJECT_NOT_FOUND',
          subCategory: 'crm.associations.NO_ASSOCIATIONS_FOUND',
          context: { fromObjectId: ['2'] },
        },
        { category: 'INTERNAL', context: { fromObjectId: ['3'] } },
      ];
      return { status: 207, body: { results, ...(!page2 && { errors }) } };
    });
    const field = 'associations:contacts';
    const { rows } = await open.api.read('deals', ['1', '2', '3'], [field], purpose);
    await open.vendor.stop();
    assert.deepEqual(
      rows.map((row) => row.fields),
      [{ [field]: ['100', '20'] }, { [field]: [] }, {}],
    );
  });
});
