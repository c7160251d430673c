import { Random } from '../kit/random.ts';
import { brands, industries, type Brand } from './brands.ts';
import { orgs, portals } from './credentials.ts';
import { firstNames, jobTitles, ownerFirstNames, ownerPlaces, subjects, tenantWords } from './words.ts';
import type {
  Presence,
  World,
  WorldCompany,
  WorldContact,
  WorldDeal,
  WorldPerson,
  WorldStage,
  WorldTenant,
} from './world.ts';

const companies = 40;
const contacts = 120;
const deals = 60;
const day_ms = 86_400_000;

/** What both tenants share of one company: the keys, the e-mail addresses and who has which row. */
interface Plan {
  brand: Brand;
  presence: Presence;
  contacts: { firstName: string; email: string; presence: Presence }[];
  deals: { subject: string; presence: Presence; stage: WorldStage; contacts: number[] }[];
}

/**
 * A believable world: per tenant 40 companies (22 in both CRMs, 8 only in HubSpot, 8 only in Salesforce, 2 of which one CRM
 * holds two copies), 120 contacts, 60 deals. Rows of a company are only where the company is; a deal's contacts are wherever
 * the deal is. Company 1 is Northwind, in both CRMs, and its deal 1 stands at `appointmentscheduled` in both.
 * The same seed on the same (UTC) day gives the same world; close dates and last touches are counted from `today`.
 */
export function generateWorld(seed: number, today: Date = new Date()): World {
  const base_ms = Math.floor(today.getTime() / day_ms) * day_ms;
  const random = new Random(seed);
  const plans = planCompanies(random);
  return {
    seed,
    tenants: portals.map(({ tenant }) =>
      generateTenant(tenant, plans, new Random(seed ^ (tenant === 'a' ? 0xa11 : 0xb22)), base_ms),
    ),
  };
}

function planCompanies(random: Random): Plan[] {
  const [northwind, ...others] = brands as [Brand, ...Brand[]];
  const perIndustry = companies / industries.length;
  const chosen = industries.flatMap((industry) => {
    const fixed = northwind.industry === industry ? [northwind] : [];
    const pool = shuffle(
      others.filter((one) => one.industry === industry),
      random,
    );
    return [...fixed, ...pool.slice(0, perIndustry - fixed.length)];
  });
  const rest = shuffle(
    chosen.filter((one) => one !== northwind),
    random,
  );
  const presences: Presence[] = [
    { hubspot: 2, salesforce: 1 },
    { hubspot: 1, salesforce: 2 },
    ...Array.from({ length: 8 }, (): Presence => ({ hubspot: 1, salesforce: 0 })),
    ...Array.from({ length: 8 }, (): Presence => ({ hubspot: 0, salesforce: 1 })),
    ...Array.from({ length: 21 }, (): Presence => ({ hubspot: 1, salesforce: 1 })),
  ];
  const order: Presence[] = [{ hubspot: 1, salesforce: 1 }, ...shuffle(presences, random)];
  const contactCounts = spread(companies, contacts, 7, random);
  const dealCounts = spread(companies, deals, 4, random);
  return [northwind, ...rest].map((brand, index) => {
    const presence = order[index] as Presence;
    const people = planContacts(brand, presence, contactCounts[index] as number, random);
    return {
      brand,
      presence,
      contacts: people,
      deals: planDeals(brand, presence, people, dealCounts[index] as number, index === 0, random),
    };
  });
}

function planContacts(brand: Brand, presence: Presence, count: number, random: Random): Plan['contacts'] {
  const names = shuffle(firstNames, random).slice(0, count);
  return names.map((firstName, index) => {
    // The first is wherever the company is, so that each deal finds a contact on its own side.
    const where = index === 0 ? once(presence) : within(presence, 0.8, random);
    return { firstName, email: `${mailLocalPart(firstName)}@${brand.domain}`, presence: where };
  });
}

function planDeals(
  brand: Brand,
  presence: Presence,
  people: Plan['contacts'],
  count: number,
  first: boolean,
  random: Random,
): Plan['deals'] {
  return shuffle(subjects[brand.industry], random)
    .slice(0, count)
    .map((subject, index) => {
      const shown = first && index === 0;
      const where = shown ? once(presence) : within(presence, 0.8, random);
      const fitting = people.flatMap((one, at) => (covers(one.presence, where) ? [at] : []));
      return {
        subject,
        presence: where,
        stage: shown ? 'appointmentscheduled' : stageByChance(random),
        contacts: fitting.slice(0, random.between(1, 3)),
      };
    });
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

function stageByChance(random: Random): WorldStage {
  return random.pick([
    'appointmentscheduled',
    'appointmentscheduled',
    'appointmentscheduled',
    'qualifiedtobuy',
    'qualifiedtobuy',
    'presentationscheduled',
    'presentationscheduled',
    'decisionmakerboughtin',
    'contractsent',
    'closedwon',
    'closedlost',
  ]);
}

function once(presence: Presence): Presence {
  return { hubspot: presence.hubspot > 0 ? 1 : 0, salesforce: presence.salesforce > 0 ? 1 : 0 };
}

/** A row of a company that is in both CRMs is in both with this probability, else in one of them. */
function within(presence: Presence, both: number, random: Random): Presence {
  const all = once(presence);
  if (all.hubspot === 0 || all.salesforce === 0 || random.chance(both)) return all;
  return random.chance(0.5) ? { hubspot: 1, salesforce: 0 } : { hubspot: 0, salesforce: 1 };
}

function covers(outer: Presence, inner: Presence): boolean {
  return outer.hubspot >= inner.hubspot && outer.salesforce >= inner.salesforce;
}

function phone(brand: Brand, random: Random): string {
  return `${brand.dial} 555 ${String(random.between(0, 9999)).padStart(4, '0')}`;
}

function mailLocalPart(name: string): string {
  const plain = name
    .replaceAll('ø', 'o')
    .replaceAll('ł', 'l')
    .normalize('NFD')
    .replaceAll(/[^A-Za-z-]/g, '');
  return plain.toLowerCase();
}

/** `count` whole numbers from 1 to `most` that add up to `total`. */
function spread(count: number, total: number, most: number, random: Random): number[] {
  const shares = Array.from({ length: count }, () => 1);
  let left = total - count;
  while (left > 0) {
    const at = random.between(0, count - 1);
    if ((shares[at] as number) >= most) continue;
    (shares[at] as number)++;
    left -= 1;
  }
  return shares;
}

function shuffle<T>(items: readonly T[], random: Random): T[] {
  const copy = [...items];
  for (let at = copy.length - 1; at > 0; at -= 1) {
    const other = random.between(0, at);
    [copy[at], copy[other]] = [copy[other] as T, copy[at] as T];
  }
  return copy;
}
