import { type Gathered, type ReadPage, nothing } from './gathered.ts';
import { inParallel, type Tools } from './tools.ts';

/** What a seller looks for, best first; each kind is read once. Words in an address, in the languages that sites are mostly in. */
const kinds = [
  /about|company|who-we-are|unternehmen|ueber-uns|uber-uns|a-propos|quienes|chi-siamo/,
  /product|solution|service|platform|leistung|produkt|offer/,
  /news|press|blog|aktuell|announce|media/,
  /customer|case|reference|kunden|clients/,
  /team|leader|management|people|executive/,
];
const width = 2;

/** Reads the company's own pages: home, and what is linked from it. */
export async function readSite(site: string | null, tools: Tools): Promise<Gathered> {
  if (site === null) return nothing;
  const home = await readHome(site, tools);
  if (!home || 'gap' in home) return { pages: [], gaps: home ? [home.gap] : [] };
  const read = await inParallel(pagesToRead(home), width, (url) => tools.page(url, 'reading'));
  const pages = [home, ...read.filter((page) => page?.status === 'read')].filter((page) => isOf(page.url, site));
  const gaps = read.flatMap((page) => (page?.status === 'unavailable' ? [gapOf(page)] : []));
  return { pages, gaps };
}

/** Some sites still answer without TLS only. */
async function readHome(site: string, tools: Tools): Promise<ReadPage | { gap: string } | undefined> {
  const secure = await tools.page(`https://${site}/`, 'reading');
  const page =
    secure?.status === 'unavailable' && secure.reason === 'unreachable'
      ? await tools.page(`http://${site}/`, 'reading')
      : secure;
  return page?.status === 'unavailable' ? { gap: gapOf(page) } : page;
}

function pagesToRead(home: ReadPage): string[] {
  const { hostname } = new URL(home.url);
  const paths = home.links
    .map((link) => new URL(link))
    .filter((url) => isOf(url.href, hostname.replace(/^www\./, '')) && url.pathname !== '/');
  const chosen = new Set<string>();
  for (const kind of kinds) {
    const fitting = paths.filter(({ pathname, href }) => kind.test(pathname.toLowerCase()) && !chosen.has(href));
    const [shortest] = fitting.sort((one, other) => one.pathname.length - other.pathname.length);
    if (shortest) chosen.add(shortest.href);
  }
  return [...chosen];
}

function isOf(url: string, site: string): boolean {
  const { hostname } = new URL(url);
  return hostname === site || hostname.endsWith(`.${site}`);
}

export function gapOf(page: { url: string; detail: string }): string {
  return `${page.url} was not read: ${page.detail}.`;
}
