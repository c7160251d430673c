import type { FetchPage, Search } from '../../protocol/job.ts';

export interface HandleSources {
  fetchPage?: FetchPage | undefined;
  search?: Search | undefined;
}

/** An account, and whether the company itself names it on its site. */
export interface FoundHandle {
  handle: string;
  namedBySite: boolean;
}

const handlePattern = /^[a-z0-9._]{1,30}$/;
/** First steps of Instagram's own paths, which are nobody's name. */
const reserved = new Set([
  'p',
  'reel',
  'reels',
  'explore',
  'stories',
  'accounts',
  'about',
  'direct',
  'tv',
  'developer',
  'legal',
]);
const mostPages = 2;

/**
 * The company's Instagram account as its own pages name it, else as a search finds it; undefined where neither does. A handle is never
 * made up from the company's name.
 */
export async function findHandle(
  company: { name: string; domain: string | null },
  { fetchPage, search }: HandleSources,
  signal: AbortSignal,
): Promise<FoundHandle | undefined> {
  const hits = (await search?.query(`${company.domain ?? company.name} Instagram`, 10, signal)) ?? [];
  const { domain } = company;
  if (domain !== null && fetchPage) {
    const own = hits.map(({ url }) => url).filter((url) => isOn(url, domain));
    const pages = [...new Set([...own.slice(0, mostPages), `https://${domain}/`, `http://${domain}/`])];
    for (const url of pages.slice(0, mostPages + 2)) {
      const page = await fetchPage(url, signal);
      const named = page.status === 'read' ? (linked(page.links) ?? written(page.text)) : undefined;
      if (named !== undefined) return { handle: named, namedBySite: true };
      if (page.status === 'read' && new URL(page.url).pathname === '/') break;
    }
  }
  const found = linked(hits.map(({ url }) => url));
  return found === undefined ? undefined : { handle: found, namedBySite: false };
}

/** Whether a URL is on a domain or below it. */
export function isOn(url: string, domain: string): boolean {
  if (!URL.canParse(url)) return false;
  const { hostname } = new URL(url);
  return hostname === domain || hostname.endsWith(`.${domain}`);
}

function linked(urls: readonly string[]): string | undefined {
  for (const url of urls.filter((one) => isOn(one, 'instagram.com'))) {
    const handle = new URL(url).pathname.split('/')[1]?.toLowerCase() ?? '';
    if (handlePattern.test(handle) && !reserved.has(handle)) return handle;
  }
  return undefined;
}

/** "Northwind is on Instagram as @northwind." */
function written(text: string): string | undefined {
  const handle = /instagram\b[^@\n]{0,40}@([a-z0-9._]{1,30})/i.exec(text)?.[1]?.toLowerCase().replace(/\.+$/, '');
  return handle !== undefined && handlePattern.test(handle) ? handle : undefined;
}
