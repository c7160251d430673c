import { Random } from '../kit/random.ts';
import { brands, type Brand, type Industry } from '../seed/brands.ts';
import type { World } from '../seed/world.ts';
import { leaders, tradeWords } from './trade-words.ts';

/** What is publicly true of a firm; its site, the market guide, the search results and its social figures all tell it. */
export interface Firm extends Omit<Brand, 'brand' | 'dial'> {
  name: string;
  handle: string;
  does: string;
  niche: string;
  founded: number;
  employees: number;
  products: string[];
  customers: string[];
  challenge: string;
  plan: string;
  leaders: { name: string; role: string }[];
  rivals: Pick<Brand, 'brand' | 'domain'>[];
  news: { daysAgo: number; text: string }[];
  followers: number;
  /** Not each firm's Instagram account is a professional one, and only those can be discovered. */
  isProfessional: boolean;
}

/**
 * The firms of the sandbox's public web: all brands, so that the web knows rivals no CRM has, and companies of the world besides.
 * Facts are drawn from the domain alone: a firm says the same of itself in every world.
 */
export function publicFirms(world: World): Map<string, Firm> {
  const known = new Set(brands.map((one) => one.domain));
  const others = (world.tenants[0]?.companies ?? [])
    .filter((one) => !known.has(one.domain) && one.industry in tradeWords)
    .map(({ name, domain, industry, street, city, postalCode, country }): Brand => {
      return { brand: name, domain, industry: industry as Industry, street, city, postalCode, country, dial: '' };
    });
  const all = [...brands, ...others];
  return new Map(all.map((brand) => [brand.domain, firm(brand, all)]));
}

function firm(brand: Brand, all: Brand[]): Firm {
  const random = new Random(Buffer.from(brand.domain).reduce((hash, byte) => Math.imul(hash, 31) + byte, 7));
  const words = tradeWords[brand.industry];
  const { brand: name, dial: _, ...place } = brand;
  const { does, niche } = random.pick(words.does);
  const [first, second] = pickTwo(words.products, random);
  const elsewhere = all.filter((one) => one.industry !== brand.industry);
  const [someCustomer, otherCustomer] = pickTwo(
    elsewhere.map((one) => one.brand),
    random,
  );
  const [challenge, plan] = [random.pick(words.challenges), random.pick(words.plans)];
  const [chief, finance] = pickTwo(leaders, random);
  return {
    ...place,
    name,
    handle: brand.domain.replace('.example', '').replaceAll('-', '_'),
    does,
    niche,
    founded: random.between(1921, 2016),
    employees: random.between(4, 180) * 25,
    products: [first, second],
    customers: [someCustomer, otherCustomer],
    challenge,
    plan,
    leaders: [
      { name: chief, role: 'Chief Executive Officer' },
      {
        name: finance,
        role: random.pick(['Chief Financial Officer', 'Chief Operating Officer', 'Head of Procurement']),
      },
    ],
    rivals: rivals(brand, all),
    news: news(name, [first, second], someCustomer, plan, random),
    followers: random.between(8, 900) * 113,
    isProfessional: brand.domain === 'northwind.example' || random.chance(0.6),
  };
}

/** The next six firms of the same trade, in a ring. */
function rivals(brand: Brand, all: Brand[]): Firm['rivals'] {
  const trade = all.filter((one) => one.industry === brand.industry);
  const at = trade.indexOf(brand);
  return [1, 2, 3, 4, 5, 6].map((step) => trade[(at + step) % trade.length] as Brand).filter((one) => one !== brand);
}

function news(
  name: string,
  [first, second]: [string, string],
  customer: string,
  plan: string,
  random: Random,
): Firm['news'] {
  return [
    {
      daysAgo: random.between(6, 40),
      text: `${name} announced that it will invest ${random.between(2, 40)} million euros to ${plan}.`,
    },
    { daysAgo: random.between(45, 110), text: `${name} signed a three-year agreement with ${customer} for ${first}.` },
    { daysAgo: random.between(120, 220), text: `${name} opened a new site with ${random.between(20, 160)} jobs.` },
    {
      daysAgo: random.between(700, 900),
      text: `${name} launched ${second}, a service that it has since renamed twice.`,
    },
  ];
}

function pickTwo<T>(from: readonly T[], random: Random): [T, T] {
  const first = random.pick(from);
  return [first, random.pick(from.filter((one) => one !== first))];
}
