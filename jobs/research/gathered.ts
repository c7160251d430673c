import type { FetchedPage } from '../../protocol/job.ts';

export type ReadPage = Extract<FetchedPage, { status: 'read' }>;

/** What one step of gathering brought. */
export interface Gathered {
  pages: ReadPage[];
  /** For people: what could not be read, and why. */
  gaps: string[];
}

export const nothing: Gathered = { pages: [], gaps: [] };

/** All that was gathered, in the order of the steps; a page that two steps read (or two addresses give) once. */
export function together(parts: readonly Gathered[]): Gathered {
  const pages = new Map<string, ReadPage>();
  const urls = new Set<string>();
  for (const page of parts.flatMap((part) => part.pages)) {
    if (!pages.has(page.hash) && !urls.has(page.url)) pages.set(page.hash, page);
    urls.add(page.url);
  }
  return { pages: [...pages.values()], gaps: [...new Set(parts.flatMap((part) => part.gaps))] };
}
