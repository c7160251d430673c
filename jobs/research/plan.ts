import { getDomain } from 'tldts';
import type { Company } from './input.ts';
import { brandOf, isNamedLike } from './names.ts';
import type { Tools } from './tools.ts';

export interface Plan {
  brand: string;
  /** The host of the company's own site, or null where it is not known. */
  site: string | null;
  queries: string[];
  gaps: string[];
}

/** Where to look. Without a domain in the CRM a search may find the site, and only one that is named like the company counts. */
export async function plan(company: Company, tools: Tools): Promise<Plan> {
  const known = hostOf(company.domain);
  const place = [company.city, company.country].filter(Boolean).join(' ');
  const found = known === null ? await findSite(company, place, tools) : { site: known, gaps: [] };
  const brand = brandOf(company.name, found.site);
  return { brand, ...found, queries: [`${brand} competitors`, `${brand} ${company.industry ?? place}`.trim()] };
}

async function findSite(company: Company, place: string, tools: Tools): Promise<Pick<Plan, 'site' | 'gaps'>> {
  const brand = brandOf(company.name, null);
  const hits = await tools.search(`${brand} ${place}`.trim(), 10);
  if (typeof hits === 'string') return { site: null, gaps: [hits] };
  const domains = hits.map(({ url }) => getDomain(url)).filter((domain) => domain !== null);
  const site = domains.find((domain) => isNamedLike(domain, brand)) ?? null;
  const gap =
    site === null
      ? `The CRM has no domain for ${company.name}, and no site of that name was found.`
      : `The CRM has no domain for ${company.name}; ${site} was found by search.`;
  return { site, gaps: [gap] };
}

/** A host name out of what people type into a domain field, or null. */
function hostOf(domain: string | null): string | null {
  const text = domain?.trim().toLowerCase() ?? '';
  const url = text.includes('://') ? text : `http://${text}`;
  if (text === '' || !URL.canParse(url)) return null;
  return new URL(url).hostname.replace(/^www\./, '') || null;
}
