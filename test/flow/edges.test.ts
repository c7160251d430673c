import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { PairSupply, type Pair } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: who belongs to whom, both ways', () => {
  const house = useHouse();
  const supply = new PairSupply(house);
  const hubspot = () => house().people.a.hubspot;
  const salesforce = () => house().people.a.salesforce;

  const accountOf = async (object: 'Contact' | 'Opportunity', pair: Pair): Promise<unknown> =>
    (await salesforce().read(object, pair.salesforce, ['AccountId']))['AccountId'];
  const peersOf = async (type: string, pair: Pair, peers: string): Promise<string[]> =>
    (await hubspot().read(type, pair.hubspot, ['createdate'], [peers])).associations[peers] ?? [];
  const rolesOf = async (pair: Pair): Promise<string[]> =>
    (
      await salesforce().query<{ ContactId: string }>(
        `SELECT ContactId FROM OpportunityContactRole WHERE OpportunityId = '${pair.salesforce}'`,
      )
    )
      .map((row) => row.ContactId)
      .sort();

  it('the primary company of a contact', async () => {
    const [one, other] = await supply.takeAll('company', 2);
    const contact = await supply.take('contact');
    assert.ok(one && other);
    await hubspot().call(
      'PUT',
      `/crm/objects/2026-09/contacts/${contact.hubspot}/associations/companies/${one.hubspot}`,
      [{ associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 1 }],
    );
    await eventually(async () => assert.equal(await accountOf('Contact', contact), one.salesforce));
    await salesforce().update('Contact', contact.salesforce, { AccountId: other.salesforce });
    await eventually(async () => {
      const peers = (await hubspot().call(
        'GET',
        `/crm/objects/2026-09/contacts/${contact.hubspot}/associations/companies`,
      )) as { results: { toObjectId: string; associationTypes: { label: string | null }[] }[] };
      const primary = peers.results.filter((peer) => peer.associationTypes.some((type) => type.label === 'Primary'));
      assert.deepEqual(
        primary.map((peer) => peer.toObjectId),
        [other.hubspot],
      );
    });
  });

  it('the company of a deal', async () => {
    const [one, other] = await supply.takeAll('company', 2);
    const deal = await supply.take('deal');
    assert.ok(one && other);
    await salesforce().update('Opportunity', deal.salesforce, { AccountId: one.salesforce });
    await eventually(async () => assert.ok((await peersOf('deals', deal, 'companies')).includes(one.hubspot)));
    await hubspot().call('PUT', `/crm/objects/2026-09/deals/${deal.hubspot}/associations/companies/${other.hubspot}`, [
      { associationCategory: 'HUBSPOT_DEFINED', associationTypeId: 5 },
    ]);
    await eventually(async () => assert.equal(await accountOf('Opportunity', deal), other.salesforce));
  });

  it('the contacts of a deal: added and removed on either side', async () => {
    const deal = await supply.take('deal');
    const before = await rolesOf(deal);
    const known = await peersOf('deals', deal, 'contacts');
    const fresh: Pair[] = [];
    while (fresh.length < 2) {
      const contact = await supply.take('contact');
      if (!known.includes(contact.hubspot)) fresh.push(contact);
    }
    const [one, other] = fresh as [Pair, Pair];

    await hubspot().associate('deals', deal.hubspot, 'contacts', one.hubspot);
    await eventually(async () => assert.deepEqual(await rolesOf(deal), [...before, one.salesforce].sort()));
    await salesforce().create('OpportunityContactRole', {
      OpportunityId: deal.salesforce,
      ContactId: other.salesforce,
      Role: 'Evaluator',
    });
    await eventually(async () =>
      assert.deepEqual(await peersOf('deals', deal, 'contacts'), [...known, one.hubspot, other.hubspot].sort()),
    );

    // A removal between our write and its read-back could not be told from a refusal.
    await house().quiet();
    await hubspot().dissociate('deals', deal.hubspot, 'contacts', other.hubspot);
    await eventually(async () => assert.deepEqual(await rolesOf(deal), [...before, one.salesforce].sort()));
    await house().quiet();
    const [role] = await salesforce().query(
      `SELECT Id FROM OpportunityContactRole WHERE OpportunityId = '${deal.salesforce}' AND ContactId = '${one.salesforce}'`,
    );
    assert.ok(role);
    await salesforce().delete('OpportunityContactRole', role.Id);
    await eventually(async () => assert.deepEqual(await peersOf('deals', deal, 'contacts'), known));
    await house().quiet();
    assert.deepEqual(await rolesOf(deal), before, 'a removed contact does not come back');
  });
  it('a contact added in HubSpot survives one added in Salesforce before its event came', async () => {
    const deal = await supply.take('deal');
    const known = await peersOf('deals', deal, 'contacts');
    const fresh: Pair[] = [];
    while (fresh.length < 2) {
      const contact = await supply.take('contact');
      if (!known.includes(contact.hubspot)) fresh.push(contact);
    }
    const [one, other] = fresh as [Pair, Pair];
    const match = { portalId: String(hubspot().portalId), subscriptionType: 'object.associationChange' };
    await house().arm('hubspot', { name: 'webhook.delay', times: 2, match, params: { delay_ms: 1_500 } });
    await hubspot().associate('deals', deal.hubspot, 'contacts', one.hubspot);
    await salesforce().create('OpportunityContactRole', {
      OpportunityId: deal.salesforce,
      ContactId: other.salesforce,
    });
    await eventually(async () => {
      assert.deepEqual(await peersOf('deals', deal, 'contacts'), [...known, one.hubspot, other.hubspot].sort());
      const roles = await rolesOf(deal);
      assert.ok(roles.includes(one.salesforce) && roles.includes(other.salesforce));
    });
  });
});
