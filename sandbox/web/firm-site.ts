import type { Firm } from './firms.ts';
import { dayBefore, page, type Page } from './html.ts';
import { tradeWords } from './trade-words.ts';

const links: [string, string][] = [
  ['Home', '/'],
  ['About', '/about'],
  ['Products', '/products'],
  ['News', '/news'],
  ['Team', '/team'],
  ['Contact', '/contact'],
  ['Partner prices', '/internal/prices'],
];

/** The pages of a firm's site by path; dates count back from `now_ms`. */
export function firmPages(firm: Firm, now_ms: number): Map<string, Page> {
  const { name } = firm;
  const { trade } = tradeWords[firm.industry];
  const footer = `${name}, ${firm.street}, ${firm.postalCode} ${firm.city}, ${firm.country}`;
  const [someRival, otherRival] = firm.rivals;
  const one = (heading: string, paragraphs: string[]): Page =>
    page(`${heading} | ${name}`, heading, paragraphs, links, footer);
  return new Map([
    [
      '/',
      one(`Welcome to ${name}`, [
        `${name} ${firm.does}.`,
        `${name} serves more than ${(firm.founded % 90) + 30} customers in ${firm.country} and its neighbours.`,
        `${name} plans to ${firm.plan}.`,
      ]),
    ],
    [
      '/about',
      one(`About ${name}`, [
        `${name} ${firm.does} and has its headquarters in ${firm.city}, ${firm.country}.`,
        `${name} was founded in ${firm.founded} and employs ${firm.employees.toLocaleString('en')} people.`,
        `In its annual report ${name} names ${firm.challenge} as its main risk.`,
        `${name} is active in ${trade}; its priority for the coming year is to ${firm.plan}.`,
        ...(someRival && otherRival
          ? [
              `${name} competes with ${someRival.brand} (${someRival.domain}) and ${otherRival.brand} (${otherRival.domain}) for ${firm.niche}.`,
            ]
          : []),
      ]),
    ],
    [
      '/products',
      one('Products', [
        `${name} offers ${firm.products[0]} and ${firm.products[1]} to customers in ${trade}.`,
        `${firm.products[0]} is the product that most customers start with; it includes reporting and a support desk.`,
        `${firm.customers[0]} and ${firm.customers[1]} are customers of ${name}.`,
      ]),
    ],
    [
      '/news',
      one(
        'News',
        firm.news.map(({ daysAgo, text }) => `On ${dayBefore(now_ms, daysAgo)} ${text}`),
      ),
    ],
    [
      '/team',
      one(
        'Team',
        firm.leaders.map((leader) => `${leader.name} is ${leader.role} of ${name}.`),
      ),
    ],
    [
      '/contact',
      one('Contact', [
        `The headquarters of ${name} are located at ${firm.street}, ${firm.postalCode} ${firm.city}, ${firm.country}.`,
        `${name} is on Instagram as @${firm.handle}.`,
      ]),
    ],
    [
      '/internal/prices',
      one('Partner prices', [`This page of ${name} is for partners only; robots.txt asks readers to stay away.`]),
    ],
  ]);
}

/** Every site keeps readers out of `/internal/`; some out of `/team` too. */
export function robots(firm: Firm): string {
  const more = firm.founded % 5 === 0 && firm.domain !== 'northwind.example' ? 'Disallow: /team\n' : '';
  return `User-agent: *\nDisallow: /internal/\n${more}\nSitemap: http://${firm.domain}/sitemap.xml\n`;
}

export function sitemap(firm: Firm): string {
  const urls = links
    .filter(([, path]) => !path.startsWith('/internal/'))
    .map(([, path]) => `  <url><loc>http://${firm.domain}${path}</loc></url>`);
  return `<?xml version="1.0" encoding="UTF-8"?>\n<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9">\n${urls.join('\n')}\n</urlset>\n`;
}
