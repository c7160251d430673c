import type { Claim, Competitor, Draft } from './draft-schema.ts';
import type { ReadPage } from './gathered.ts';
import { nameKey, normalised } from './names.ts';

/** Whom the brief is about. */
export interface Subject {
  brand: string;
  site: string | null;
}

/** What of a draft is backed by the pages that were read, and how much was not. */
export interface CheckedDraft extends Pick<Draft, 'summary' | 'offering' | 'talkingPoints'> {
  competitors: Competitor[];
  dropped: number;
}

const shortestQuote = 15;
/** Longer is no sentence for a card. */
const longestText = 500;
/** What speaks to a machine instead of saying something about a company. No page is quoted with it. */
const speaksToMachines =
  /\b(?:ignore|disregard|forget|override)\b.{0,60}\b(?:instructions?|prompts?|rules|above|previous)\b|\bsystem (?:prompt|message)\b|\byou are now\b|\bas an? (?:AI )?assistant\b|\bcall the (?:tool|function)\b|\bin your (?:summary|answer|reply|response|output)\b/i;
const webAddress = /:\/\/|\bwww\./i;
const numberPattern = /\d+(?:[.,]\d+)*/g;
const namePattern = /(?<=[\p{L}\p{N},;:)"'’] )\p{Lu}[\p{L}\p{N}'’&-]+/gu;

/**
 * Keeps what stands in a page that was read, drops the rest; a pure function, no model has a say in it. A claim is kept when its source
 * was read, its quote is in that page word for word, its numbers and names are there too, and it is about the company: from its own site,
 * or with its name in the quote or the page's title, and not opening with a competitor's.
 */
export function checkClaims(draft: Draft, pages: readonly ReadPage[], subject: Subject): CheckedDraft {
  const checker = new Checker(pages, subject);
  const competitors = unique(
    draft.competitors.filter((one) => checker.competes(one)),
    (one) => nameKey(one.name),
  ).map((one) => ({ ...one, domain: checker.domainOf(one) }));
  const rivals = competitors.map(({ name }) => normalised(name));
  const keep = (claims: readonly Claim[]): Claim[] => {
    const kept = unique(
      claims.filter((claim) => checker.holds(claim)),
      textOf,
    );
    return kept.filter((claim) => !rivals.some((rival) => textOf(claim).startsWith(rival)) && !isPartOf(claim, kept));
  };
  const claims = {
    summary: keep(draft.summary),
    offering: keep(draft.offering),
    talkingPoints: keep(draft.talkingPoints),
  };
  return { ...claims, competitors, dropped: count(draft) - count({ ...claims, competitors }) };
}

function count(draft: Draft): number {
  return Object.values(draft).reduce((sum, list) => sum + list.length, 0);
}

class Checker {
  readonly #pages: ReadonlyMap<string, { page: ReadPage; text: string }>;
  readonly #subject: Subject;

  constructor(pages: readonly ReadPage[], subject: Subject) {
    this.#pages = new Map(pages.map((page) => [page.url, { page, text: normalised(`${page.title}\n${page.text}`) }]));
    this.#subject = subject;
  }

  holds(claim: Claim): boolean {
    return this.#backed(claim.text, claim) && this.#isAboutSubject(claim);
  }

  competes(one: Competitor): boolean {
    const isSelf =
      nameKey(one.name) === nameKey(this.#subject.brand) ||
      (one.domain !== null && one.domain.toLowerCase() === this.#subject.site);
    const isNamed = one.name.trim().length > 1 && normalised(one.quote).includes(normalised(one.name));
    return !isSelf && isNamed && this.#backed(one.why, one) && this.#isAboutSubject(one);
  }

  /** A competitor's domain as some page gives it, in its text or as its address. */
  domainOf({ domain }: Competitor): string | null {
    const wanted = domain?.toLowerCase().replace(/^www\./, '') ?? '';
    if (!/^(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}$/u.test(wanted)) return null;
    const found = [...this.#pages.values()].some(
      ({ page, text }) => text.includes(wanted) || [page.url, ...page.links].some((url) => hostOf(url) === wanted),
    );
    return found ? wanted : null;
  }

  #backed(text: string, { quote, source }: Pick<Claim, 'quote' | 'source'>): boolean {
    const found = this.#pages.get(source);
    const passage = bare(quote);
    if (!found || passage.length < shortestQuote || !found.text.includes(passage)) return false;
    if (text.trim() === '' || text.length > longestText || webAddress.test(text)) return false;
    if (speaksToMachines.test(text) || speaksToMachines.test(quote)) return false;
    const known = `${found.text} ${normalised(this.#subject.brand)}`;
    const facts = [...(text.match(numberPattern) ?? []), ...(text.match(namePattern) ?? [])];
    return facts.every((fact) => known.includes(normalised(fact)));
  }

  #isAboutSubject({ quote, source }: Pick<Claim, 'quote' | 'source'>): boolean {
    const { brand, site } = this.#subject;
    const host = hostOf(source);
    const isOwn = site !== null && (host === site || host.endsWith(`.${site}`));
    const title = this.#pages.get(source)?.page.title ?? '';
    return isOwn || normalised(`${title}\n${quote}`).includes(normalised(brand));
  }
}

/** Models put quotation marks and dots around a passage that are not of it. */
function bare(quote: string): string {
  return normalised(quote).replaceAll(/^["'. …]+|["'. …]+$/g, '');
}

function hostOf(url: string): string {
  return URL.canParse(url) ? new URL(url).hostname.replace(/^www\./, '') : '';
}

/** Whether a longer claim of the list says it too. */
function isPartOf(claim: Claim, all: readonly Claim[]): boolean {
  return all.some((other) => other !== claim && textOf(other).includes(textOf(claim)));
}

function textOf({ text }: Claim): string {
  return normalised(text).replace(/[.!]$/, '');
}

function unique<T>(items: readonly T[], keyOf: (item: T) => string): T[] {
  return [...new Map(items.toReversed().map((item) => [keyOf(item), item])).values()].toReversed();
}
