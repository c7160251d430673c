import type { Random } from '../kit/random.ts';
import { brands, industries, type Brand } from './brands.ts';
import { mailLocalPart } from './mail-local-part.ts';
import { firstNames, subjects } from './words.ts';
import type { Presence, WorldStage } from './world.ts';

const companies = 40;
const contacts = 120;
const deals = 60;

/** What both tenants share of one company: the keys, the e-mail addresses and who has which row. */
export interface Plan {
  brand: Brand;
  presence: Presence;
  contacts: { firstName: string; email: string; presence: Presence }[];
  deals: { subject: string; presence: Presence; stage: WorldStage; contacts: number[] }[];
}

/** Who is in which CRM, with how many contacts and deals: the part of a world that both tenants share. */
export function planCompanies(random: Random): Plan[] {
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
