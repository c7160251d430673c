import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const objects = '/crm/objects/2026-09';
const batch = '/crm/associations/2026-09';

interface Peer {
  toObjectId: string;
  associationTypes: { typeId: number; label: string | null }[];
}

const typeIds = (peer: Peer | undefined) => peer?.associationTypes.map((one) => one.typeId).sort((a, b) => a - b);

describe('HubSpot stand-in: associations (OpenAPI associations.json; HubSpot docs, association type ids)', () => {
  let hubspot: StandIn;
  let deal: string;
  let first: string;
  let second: string;
  before(async () => {
    hubspot = await StandIn.start();
    deal = await hubspot.create('deals', { dealname: 'D' });
    first = await hubspot.create('companies', { name: 'F' });
    second = await hubspot.create('companies', { name: 'S' });
  });
  after(() => hubspot.stop());

  const peers = async (): Promise<Peer[]> =>
    (await hubspot.call('GET', `${objects}/deals/${deal}/associations/companies`)).body.results;
  const label = (to: string, associationTypeId: number) =>
    hubspot.call('POST', `${batch}/deals/companies/batch/create`, {
      inputs: [
        {
          from: { id: deal },
          to: { id: to },
          types: [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId }],
        },
      ],
    });

  it('a primary company carries both types, and takes the mark from the one before', async () => {
    const made = await label(first, 5);
    assert.equal(made.status, 201);
    assert.deepEqual(made.body.results[0].labels, ['Primary']);
    assert.deepEqual(typeIds((await peers())[0]), [5, 341]);
    await label(second, 5);
    const [one, two] = await peers();
    assert.deepEqual(typeIds(one), [341]);
    assert.deepEqual(typeIds(two), [5, 341]);
    assert.equal(two?.toObjectId, second);
  });

  it('refuses a type of another pair, and an end that is not there, as errors of the batch', async () => {
    const wrong = await label(first, 214);
    assert.equal(wrong.status, 207);
    assert.equal(wrong.body.errors[0].category, 'VALIDATION_ERROR');
    assert.equal((await label('99', 341)).body.errors[0].category, 'OBJECT_NOT_FOUND');
  });

  it('reads many; one without associations is an error of the 207, not an empty list', async () => {
    const lonely = await hubspot.create('deals', {});
    const inputs = [{ id: deal }, { id: lonely }];
    const { status, body } = await hubspot.call('POST', `${batch}/deals/companies/batch/read`, { inputs });
    assert.equal(status, 207);
    assert.equal(body.results[0].to.length, 2);
    assert.equal(body.errors[0].subCategory, 'crm.associations.NO_ASSOCIATIONS_FOUND');
    assert.deepEqual(body.errors[0].context.fromObjectId, [lonely]);
  });

  it('associates by default in both directions, and archives', async () => {
    const contact = await hubspot.create('contacts', { email: 'a@b.example' });
    const inputs = [{ from: { id: deal }, to: { id: contact } }];
    const made = await hubspot.call('POST', `${batch}/deals/contacts/batch/associate/default`, { inputs });
    assert.deepEqual(
      made.body.results.map(
        (one: { associationSpec: { associationTypeId: number } }) => one.associationSpec.associationTypeId,
      ),
      [3, 4],
    );
    const back = await hubspot.call('GET', `${objects}/contacts/${contact}?associations=deals`);
    assert.deepEqual(back.body.associations.deals.results, [{ id: deal, type: 'contact_to_deal' }]);
    const gone = { inputs: [{ from: { id: deal }, to: [{ id: contact }] }] };
    assert.equal((await hubspot.call('POST', `${batch}/deals/contacts/batch/archive`, gone)).status, 204);
    const after = await hubspot.call('GET', `${objects}/contacts/${contact}?associations=deals`);
    assert.equal(after.body.associations, undefined);
  });

  it('does not show an archived peer', async () => {
    await hubspot.call('DELETE', `${objects}/companies/${first}`);
    assert.deepEqual(
      (await peers()).map((one) => one.toObjectId),
      [second],
    );
  });
});
