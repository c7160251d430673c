import { Random } from '../kit/random.ts';
import type { Brand } from './brands.ts';
import { orgs, portals } from './credentials.ts';
import { mailLocalPart } from './mail-local-part.ts';
import { planActivities } from './plan-activities.ts';
import { planCompanies, type Plan } from './plan-companies.ts';
import { planLeads } from './plan-leads.ts';
import { jobTitles, ownerFirstNames, ownerPlaces, tenantWords } from './words.ts';
import type { World, WorldCompany, WorldContact, WorldDeal, WorldPerson, WorldTenant } from './world.ts';

const day_ms = 86_400_000;

/**
 * A believable world: per tenant 40 companies (22 in both CRMs, 8 only in HubSpot, 8 only in Salesforce, 2 of which one CRM
 * holds two copies), 120 contacts, 60 deals. Rows of a company are only where the company is; a deal's contacts are wherever
 * the deal is. Company 1 is Northwind, in both CRMs, and its deal 1 stands at `appointmentscheduled` in both.
 * 12 leads in Salesforce, of whom 8 have a contact's address; 16 e-mails and 12 tasks of deals.
 * The same seed on the same (UTC) day gives the same world; close dates and last touches are counted from `today`.
 */
export function generateWorld(seed: number, today: Date = new Date()): World {
  const base_ms = Math.floor(today.getTime() / day_ms) * day_ms;
  const random = new Random(seed);
  const plans = planCompanies(random);
  return {
    seed,
    tenants: portals.map(({ tenant }) => {
      const rows = generateTenant(tenant, plans, new Random(seed ^ (tenant === 'a' ? 0xa11 : 0xb22)), base_ms);
      // Streams of their own, the same for both tenants, so that leads and activities change nothing of the rows before.
      const leads = planLeads(rows, new Random(seed ^ 0x1ead));
      return { ...rows, leads, ...planActivities(rows, new Random(seed ^ 0xac7), base_ms) };
    }),
  };
}

function generateTenant(key: 'a' | 'b', plans: Plan[], random: Random, base_ms: number): WorldTenant {
  const words = tenantWords[key];
  const account = { portal: portals.find((one) => one.tenant === key), org: orgs.find((one) => one.tenant === key) };
  if (!account.portal || !account.org)
    throw new Error(`Add a portal and an org of tenant ${key} to sandbox/seed/credentials.ts.`);
  const people = ownerFirstNames.map((firstName, index): WorldPerson => {
    const [timeZone, locale] = ownerPlaces[index] as (typeof ownerPlaces)[number];
    const email = `${mailLocalPart(firstName)}@sales-team.example`;
    return { key: `person-${index + 1}`, firstName, lastName: words.owners[index] as string, email, timeZone, locale };
  });
  const owner = (): string => random.pick(people).key;
  const tenant: WorldTenant = {
    key,
    name: words.name,
    portalId: account.portal.portalId,
    orgId: account.org.orgId,
    people,
    companies: [],
    contacts: [],
    deals: [],
    leads: [],
    mails: [],
    tasks: [],
  };
  for (const plan of plans) {
    const company = generateCompany(key, plan, `company-${tenant.companies.length + 1}`, owner(), random);
    tenant.companies.push(company);
    const keys = plan.contacts.map((contact): string => {
      const row: WorldContact = {
        key: `contact-${tenant.contacts.length + 1}`,
        companyKey: company.key,
        firstName: random.chance(0.03) ? '' : contact.firstName,
        lastName: random.pick(words.lastNames),
        email: contact.email,
        phone: random.chance(0.1) ? '' : phone(plan.brand, random),
        jobTitle: random.pick(jobTitles),
        ownerKey: owner(),
        presence: contact.presence,
      };
      tenant.contacts.push(row);
      return row.key;
    });
    for (const deal of plan.deals) {
      const contactKeys = deal.contacts.map((at) => keys[at] as string);
      const name = `${plan.brand.brand}: ${deal.subject} ${random.pick(words.deals)}`;
      tenant.deals.push(
        generateDeal(
          key,
          deal,
          { key: `deal-${tenant.deals.length + 1}`, companyKey: company.key, contactKeys, name, ownerKey: owner() },
          random,
          base_ms,
        ),
      );
    }
  }
  return tenant;
}

function generateCompany(tenant: 'a' | 'b', plan: Plan, key: string, ownerKey: string, random: Random): WorldCompany {
  const { brand, domain, industry, street, city, postalCode, country } = plan.brand;
  const words = tenantWords[tenant];
  const employees = random.chance(0.05) ? 0 : random.between(2, 400) * (tenant === 'a' ? 10 : 7);
  return {
    key,
    name: `${brand} ${random.pick(words.legalForms)}`,
    domain,
    industry,
    street,
    city,
    postalCode,
    country,
    phone: random.chance(0.08) ? '' : phone(plan.brand, random),
    employees,
    annualRevenue: random.chance(0.08) ? 0 : employees * random.between(90, 400) * 1000,
    description: random.pick(words.descriptions),
    ownerKey,
    presence: { ...plan.presence },
  };
}

function generateDeal(
  tenant: 'a' | 'b',
  plan: Plan['deals'][number],
  given: Pick<WorldDeal, 'key' | 'companyKey' | 'contactKeys' | 'name' | 'ownerKey'>,
  random: Random,
  base_ms: number,
): WorldDeal {
  const closed = plan.stage === 'closedwon' || plan.stage === 'closedlost';
  const close_ms = base_ms + (closed ? -random.between(1, 200) : random.between(5, 240)) * day_ms;
  const touch_ms = base_ms - random.between(60, 60 * 24 * 45) * 60_000;
  // Even thousands in one tenant, odd hundreds in the other: no amount is in both.
  const units = tenant === 'a' ? random.between(4, 240) * 1000 : random.between(4, 240) * 1000 + 500;
  return {
    ...given,
    amount: `${units}.${random.chance(0.1) ? '50' : '00'}`,
    currency: random.pick(['EUR', 'EUR', 'USD', 'GBP']),
    stage: plan.stage,
    closeDate: new Date(close_ms).toISOString().slice(0, 10),
    nextStep: closed ? '' : random.pick(tenantWords[tenant].steps),
    lastTouchAt: new Date(touch_ms).toISOString(),
    presence: { ...plan.presence },
  };
}

function phone(brand: Brand, random: Random): string {
  return `${brand.dial} 555 ${String(random.between(0, 9999)).padStart(4, '0')}`;
}
