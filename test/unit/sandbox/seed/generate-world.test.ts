import assert from 'node:assert/strict';
import * as fc from 'fast-check';
import { orgs, portals } from '../../../../sandbox/seed/credentials.ts';
import { generateWorld } from '../../../../sandbox/seed/generate-world.ts';
import type { Presence, World, WorldTenant } from '../../../../sandbox/seed/world.ts';

const today = new Date('2026-11-22T09:00:00Z');
const anySeed = fc.integer({ min: 0, max: 2 ** 31 - 1 });

function each(check: (tenant: WorldTenant, world: World) => void): void {
  fc.assert(
    fc.property(anySeed, (seed) => {
      const world = generateWorld(seed, today);
      for (const tenant of world.tenants) check(tenant, world);
    }),
    { numRuns: 40 },
  );
}

const shape = ({ hubspot, salesforce }: Presence): string => `${hubspot}/${salesforce}`;

describe('sandbox/seed generateWorld', () => {
  it('is the same for a seed on one day, and another for another seed', () => {
    const evening = new Date('2026-11-22T23:59:00Z');
    assert.deepEqual(generateWorld(7, today), generateWorld(7, evening));
    assert.notDeepEqual(generateWorld(7, today).tenants, generateWorld(8, today).tenants);
  });

  it('has the promised counts and presences', () => {
    each((tenant) => {
      assert.deepEqual([tenant.companies.length, tenant.contacts.length, tenant.deals.length], [40, 120, 60]);
      const count = (presence: string): number =>
        tenant.companies.filter((one) => shape(one.presence) === presence).length;
      assert.deepEqual(['1/1', '1/0', '0/1', '2/1', '1/2'].map(count), [22, 8, 8, 1, 1]);
    });
  });

  it('has leads: contacts that only HubSpot has, contacts of both, and people of unknown firms', () => {
    each((tenant) => {
      const contacts = new Map(tenant.contacts.map((one) => [one.key, one]));
      const kinds = tenant.leads.map((lead) => {
        const contact = lead.contactKey === undefined ? undefined : contacts.get(lead.contactKey);
        if (!contact) return tenant.companies.some((one) => lead.email.endsWith(`@${one.domain}`)) ? 'known' : 'nobody';
        assert.equal(lead.email, contact.email);
        return lead.converted ? 'converted' : shape(contact.presence);
      });
      const count = (kind: string): number => kinds.filter((one) => one === kind).length;
      assert.deepEqual(['1/0', '1/1', 'converted', 'nobody'].map(count), [5, 2, 1, 4]);
      assert.equal(new Set(tenant.leads.map((one) => one.email)).size, 12);
    });
  });

  it('has e-mails and tasks of shared deals, in both CRMs or in one, never later than the last touch', () => {
    each((tenant) => {
      const deals = new Map(tenant.deals.map((one) => [one.key, one]));
      for (const { dealKey } of [...tenant.mails, ...tenant.tasks]) {
        assert.equal(shape(deals.get(dealKey)?.presence ?? { hubspot: 0, salesforce: 0 }), '1/1');
      }
      for (const mail of tenant.mails) assert.ok(mail.sentAt < (deals.get(mail.dealKey)?.lastTouchAt ?? ''));
      const where = (rows: readonly { presence: Presence }[]): number[] =>
        ['1/1', '1/0', '0/1'].map((one) => rows.filter(({ presence }) => shape(presence) === one).length);
      assert.deepEqual(
        [where(tenant.mails), where(tenant.tasks)],
        [
          [8, 4, 4],
          [6, 3, 3],
        ],
      );
      assert.equal(new Set(tenant.mails.map((one) => one.messageId)).size, 16);
    });
  });

  it('refers only to what is there, and puts each row only where its company and its contacts are', () => {
    each((tenant) => {
      const companies = new Map(tenant.companies.map((one) => [one.key, one]));
      const contacts = new Map(tenant.contacts.map((one) => [one.key, one]));
      const people = new Set(tenant.people.map((one) => one.key));
      for (const row of [...tenant.contacts, ...tenant.deals]) {
        const company = companies.get(row.companyKey);
        assert.ok(company && people.has(row.ownerKey));
        assert.ok(
          row.presence.hubspot <= company.presence.hubspot && row.presence.salesforce <= company.presence.salesforce,
        );
        assert.ok(row.presence.hubspot + row.presence.salesforce > 0);
      }
      for (const deal of tenant.deals) {
        assert.ok(deal.contactKeys.length > 0);
        for (const key of deal.contactKeys) {
          const contact = contacts.get(key);
          assert.equal(contact?.companyKey, deal.companyKey);
          assert.ok(
            contact.presence.hubspot >= deal.presence.hubspot &&
              contact.presence.salesforce >= deal.presence.salesforce,
          );
        }
        assert.match(deal.amount, /^\d+\.\d\d$/);
        assert.match(deal.currency, /^(EUR|USD|GBP)$/);
        assert.ok(Date.parse(deal.lastTouchAt) < today.getTime());
        assert.equal(deal.closeDate < '2026-11-22', deal.stage.startsWith('closed'));
      }
    });
  });

  it('keeps names apart: domains, addresses of contacts, and deals of one company are unique', () => {
    each((tenant) => {
      const unique = (values: string[]): void => assert.equal(new Set(values).size, values.length);
      unique(tenant.companies.map((one) => one.domain));
      unique(tenant.contacts.map((one) => one.email));
      unique(tenant.deals.map((one) => `${one.companyKey} ${one.name}`));
      assert.ok(tenant.companies.every((one) => one.domain.endsWith('.example')));
      assert.ok(tenant.contacts.every((one) => one.lastName !== ''));
    });
  });

  it('gives both tenants the same keys and addresses and different values, so that a leak shows', () => {
    each((_tenant, { tenants }) => {
      const [a, b] = tenants as [WorldTenant, WorldTenant];
      assert.deepEqual(
        [a.portalId, a.orgId, b.portalId, b.orgId],
        [portals[0].portalId, orgs[0].orgId, portals[1].portalId, orgs[1].orgId],
      );
      assert.deepEqual(
        a.contacts.map((one) => [one.key, one.email]),
        b.contacts.map((one) => [one.key, one.email]),
      );
      assert.deepEqual(
        a.companies.map((one) => [one.key, one.domain]),
        b.companies.map((one) => [one.key, one.domain]),
      );
      assert.deepEqual(
        [a.leads.map((one) => one.email), a.mails.map((one) => one.messageId)],
        [b.leads.map((one) => one.email), b.mails.map((one) => one.messageId)],
      );
      const values = (tenant: WorldTenant): string[] => [
        ...tenant.companies.map((one) => one.name),
        ...tenant.contacts.map((one) => one.lastName),
        ...tenant.deals.flatMap((one) => [one.name, one.amount]),
        ...tenant.leads.flatMap((one) => [one.lastName, one.company]),
        ...tenant.mails.flatMap((one) => [one.subject, one.text]),
        ...tenant.tasks.map((one) => one.subject),
      ];
      const inB = new Set(values(b));
      assert.deepEqual(
        values(a).filter((value) => inB.has(value)),
        [],
      );
    });
  });

  it('always has the deal of the walk: Northwind, at the first stage, in both CRMs', () => {
    each((tenant) => {
      assert.equal(tenant.companies[0]?.domain, 'northwind.example');
      const { companyKey, stage, presence } = tenant.deals[0] ?? assert.fail('no deal');
      assert.deepEqual(
        { companyKey, stage, presence },
        {
          companyKey: 'company-1',
          stage: 'appointmentscheduled',
          presence: { hubspot: 1, salesforce: 1 },
        },
      );
    });
  });
});
