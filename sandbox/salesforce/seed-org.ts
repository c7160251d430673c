import type { WorldCompany, WorldContact, WorldDeal, WorldStage, WorldTenant } from '../seed/world.ts';
import type { Org } from './org/org.ts';
import type { Transaction } from './org/transaction.ts';
import { adder, seedActivities, seedLeads } from './seed-activities.ts';
import { addIntegrationUser, addPeople } from './seed-users.ts';

/** What a world's stage is called here; where two stages read alike to the hub, every third deal has the second. */
const stageNames: Record<WorldStage, readonly [string, string?]> = {
  appointmentscheduled: ['Prospecting'],
  qualifiedtobuy: ['Qualification'],
  presentationscheduled: ['Needs Analysis', 'Value Proposition'],
  decisionmakerboughtin: ['Id. Decision Makers', 'Perception Analysis'],
  contractsent: ['Negotiation/Review', 'Proposal/Price Quote'],
  closedwon: ['Closed Won'],
  closedlost: ['Closed Lost'],
};

const dailyApiRequests = 100_000;

/**
 * Makes the users, then fills an empty org with the tenant's accounts, contacts, opportunities, contact roles, last
 * conversations, e-mails, tasks and leads by ordinary inserts, so that all derived values are right. No change event is sent for seeded rows.
 */
export function seedOrg(org: Org, tenant: WorldTenant, begin: (userId: string) => Transaction, now_ms: number): void {
  const integrationUserId = addIntegrationUser(org, now_ms);
  const users = addPeople(org, tenant.people, now_ms);
  const [personUserId = integrationUserId] = users.values();
  org.profile = { orgId: org.orgId, name: tenant.name, integrationUserId, personUserId, dailyApiRequests };

  const tx = begin(personUserId);
  const add = adder(tx);
  const first = (ids: ReadonlyMap<string, string[]>, key: string): string | null => ids.get(key)?.[0] ?? null;
  const ownerOf = (key: string): string => users.get(key) ?? personUserId;

  const accounts = new Map(
    tenant.companies.map((company) => [
      company.key,
      add('Account', company.presence.salesforce, { ...accountFields(company), OwnerId: ownerOf(company.ownerKey) }),
    ]),
  );
  const contacts = new Map(
    tenant.contacts.map((contact) => [
      contact.key,
      add('Contact', contact.presence.salesforce, {
        ...contactFields(contact),
        AccountId: first(accounts, contact.companyKey),
        OwnerId: ownerOf(contact.ownerKey),
      }),
    ]),
  );
  const deals = new Map<string, string[]>();
  for (const [index, deal] of tenant.deals.entries()) {
    const ids = add('Opportunity', deal.presence.salesforce, {
      ...opportunityFields(deal, index),
      AccountId: first(accounts, deal.companyKey),
      OwnerId: ownerOf(deal.ownerKey),
    });
    deals.set(deal.key, ids);
    for (const OpportunityId of ids) {
      const people = deal.contactKeys.flatMap((key) => first(contacts, key) ?? []);
      for (const [place, ContactId] of people.entries()) {
        const Role = place === 0 ? 'Decision Maker' : 'Influencer';
        add('OpportunityContactRole', 1, { OpportunityId, ContactId, Role, IsPrimary: place === 0 });
      }
      add('Task', 1, {
        Subject: 'Call',
        Status: 'Completed',
        ActivityDate: deal.lastTouchAt.slice(0, 10),
        WhatId: OpportunityId,
        WhoId: people[0] ?? null,
        OwnerId: ownerOf(deal.ownerKey),
      });
    }
  }
  const at = {
    deal: (key: string) => first(deals, key),
    contact: (key: string) => first(contacts, key),
    owner: ownerOf,
  };
  seedActivities(tx, tenant, at);
  seedLeads(tx, tenant, at);
  tx.commit();
}

const accountFields = (company: WorldCompany): Record<string, unknown> => ({
  Name: company.name,
  Website: company.domain ? `https://www.${company.domain}` : null,
  Industry: company.industry,
  BillingStreet: company.street,
  BillingCity: company.city,
  BillingPostalCode: company.postalCode,
  BillingCountry: company.country,
  Phone: company.phone,
  NumberOfEmployees: company.employees,
  AnnualRevenue: company.annualRevenue,
  Description: company.description,
});

const contactFields = (contact: WorldContact): Record<string, unknown> => ({
  FirstName: contact.firstName,
  LastName: contact.lastName,
  Email: contact.email,
  Phone: contact.phone,
  Title: contact.jobTitle,
});

function opportunityFields(deal: WorldDeal, index: number): Record<string, unknown> {
  const [main, other] = stageNames[deal.stage];
  return {
    Name: deal.name,
    Amount: deal.amount,
    CurrencyIsoCode: deal.currency,
    StageName: index % 3 === 2 ? (other ?? main) : main,
    CloseDate: deal.closeDate,
    NextStep: deal.nextStep,
  };
}
