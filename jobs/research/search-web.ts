import type { SearchHit } from '../../protocol/job.ts';
import type { Gathered, ReadPage } from './gathered.ts';
import { normalised } from './names.ts';
import type { Plan } from './plan.ts';
import { gapOf } from './read-site.ts';
import { inParallel, type Tools } from './tools.ts';

const hitsEach = 10;
const mostPages = 6;
const mostOfOneHost = 2;
const width = 3;
/** Their pages are for signed-in people, or are no text. */
const noPages = /(?:^|\.)(?:instagram|facebook|tiktok|linkedin|youtube|twitter|x)\.com$/;

/** Searches for what others write about the company, and reads it. */
export async function searchWeb({ brand, site, queries }: Plan, tools: Tools): Promise<Gathered> {
  const hits: SearchHit[] = [];
  const gaps: string[] = [];
  for (const query of queries) {
    const found = await tools.search(query, hitsEach);
    if (typeof found === 'string') gaps.push(found);
    else hits.push(...found);
  }
  const read = await inParallel(choose(hits, site), width, (url) => tools.page(url, 'searching'));
  const names = [brand, site].flatMap((name) => (name === null ? [] : [normalised(name)]));
  const pages = read.filter((page) => page?.status === 'read').flatMap((page) => aboutCompany(page, names));
  gaps.push(...read.flatMap((page) => (page?.status === 'unavailable' ? [gapOf(page)] : [])));
  return { pages, gaps };
}

/**
 * A page that has the company's name in its title is about it. Of any other page only the lines that name the company are kept: the rest
 * is about somebody else, and is not shown to the model.
 */
function aboutCompany(page: ReadPage, names: readonly string[]): ReadPage[] {
  const isNamed = (text: string): boolean => names.some((name) => normalised(text).includes(name));
  if (isNamed(page.title)) return [page];
  const text = page.text.split('\n').filter(isNamed).join('\n');
  return text === '' ? [] : [{ ...page, text }];
}

/** Others' pages in order of rank, few of one host; the company's own are read by the other step. */
function choose(hits: readonly SearchHit[], site: string | null): string[] {
  const perHost = new Map<string, number>();
  const chosen: string[] = [];
  for (const url of new Set(hits.map((hit) => hit.url))) {
    const { hostname } = new URL(url);
    const count = perHost.get(hostname) ?? 0;
    const isOwn = site !== null && (hostname === site || hostname.endsWith(`.${site}`));
    if (isOwn || noPages.test(hostname) || count >= mostOfOneHost || chosen.length >= mostPages) continue;
    perHost.set(hostname, count + 1);
    chosen.push(url);
  }
  return chosen;
}
