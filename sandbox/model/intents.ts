import type { Sentence } from './sentences.ts';
import { dateIn } from './mentions.ts';

/** What a field asks for, read from its name (else its description), and how a sentence that answers it looks. */
interface Intent {
  name: string;
  asks: RegExp;
  shows: RegExp;
  /** Nothing fitting leaves the field empty; without it the best sentence at hand is taken. */
  strict: boolean;
}

const intents: Intent[] = [
  {
    name: 'competitors',
    asks: /\b(?:competit\w*|rivals?|alternatives?|lookalikes?)\b/,
    shows:
      /\bcompet\w+|\brivals?\b|\balternatives?\b|\bcompared? .*\b(?:with|to)\b|\balso (?:consider|evaluate|look at)\b/i,
    strict: true,
  },
  {
    name: 'people',
    asks: /\b(?:people|person|leaders?|leadership|executives?|stakeholders?|team|management)\b/,
    shows: /\b(?:Chief [A-Z]\w+|C[EFOTI]O|Head of|Director|Founder|President|Chair)/,
    strict: true,
  },
  {
    name: 'risks',
    asks: /\b(?:risks?|threats?|concerns?|weakness\w*|challenges?)\b/,
    shows:
      /\b(?:shortage|delay|risk|challenge|fine[sd]?|recall|outage|complain|lawsuit|loss|decline|fell|struggl|pressure|rising cost)\w*/i,
    strict: true,
  },
  {
    name: 'news',
    asks: /\b(?:news|events?|announcements?|recent|triggers?|updates?)\b/,
    shows: /\b(?:announc|open|launch|sign|acqui|rais|appoint|expand|extend|won|publish|start|complet)\w*/i,
    strict: true,
  },
  {
    name: 'customers',
    asks: /\b(?:customers?|clients?|references?)\b/,
    shows: /\b(?:customers?|clients?|serves?|used by)\b/i,
    strict: true,
  },
  {
    name: 'products',
    asks: /\b(?:products?|offers?|offerings?|services?|solutions?)\b/,
    shows: /\b(?:products?|services?|platform|offers?|sells?|provides?|includes?)\b/i,
    strict: false,
  },
  {
    name: 'place',
    asks: /\b(?:location|headquarters?|place|address|offices?|city|country)\b/,
    shows: /\b(?:headquarter\w*|based in|offices? in|located)\b/i,
    strict: true,
  },
  {
    name: 'history',
    asks: /\b(?:founded|founding|history|year)\b/,
    shows: /\b(?:founded|established|since) /i,
    strict: true,
  },
  {
    name: 'size',
    asks: /\b(?:employees?|headcount|size|staff)\b/,
    shows: /\b(?:employs?|employees|staff|people work)\b/i,
    strict: true,
  },
  {
    name: 'openings',
    asks: /\b(?:talking|points?|opportunit\w*|differentiat\w*|questions?|outreach|needs?|priorit\w*|signals?|now)\b/,
    shows: /\b(?:plans?|invest\w*|priorit\w*|will|aims?|goals?|announced|opened|launched|expand\w*|hiring|new)\b/i,
    strict: false,
  },
  {
    name: 'summary',
    asks: /\b(?:summary|overview|about|what|descri\w*|business|profile|brief)\b/,
    shows:
      /\b(?:is an?|are an?|provides?|makes?|builds?|offers?|moves?|helps?|operates?|develops?|designs?|speciali[sz]es?|runs?)\b/i,
    strict: false,
  },
];

/** A sentence that shows what its field asks for is worth at least this. */
export const shownScore = 4;

/** `whatTheyDo`, `what_they_do` -> `what they do` */
export function words(name: string): string {
  return name
    .replaceAll(/([a-z0-9])([A-Z])/g, '$1 $2')
    .replaceAll(/[_-]+/g, ' ')
    .toLowerCase();
}

export function intentOf(name: string, description: string): Intent | undefined {
  return (
    intents.find((one) => one.asks.test(words(name))) ?? intents.find((one) => one.asks.test(description.toLowerCase()))
  );
}

/**
 * How well a sentence answers a field, above 0 if at all. `subject` is the caller's own words: a page of the domain named there
 * counts more than others.
 */
export function fitness(sentence: Sentence, name: string, description: string, subject: string): number {
  const intent = intentOf(name, description);
  const shown = intent?.shows.test(sentence.text) === true && !(intent.name === 'news' && !dateIn(sentence.text));
  if (intent?.strict && !shown) return 0;
  const asked = new Set(`${words(name)} ${description.toLowerCase()}`.match(/\p{L}{4,}/gu));
  const overlap = (sentence.text.toLowerCase().match(/\p{L}{4,}/gu) ?? []).filter((word) => asked.has(word)).length;
  const own = isSubjects(sentence, subject) ? 1 : 0;
  return (shown ? shownScore : 0) + Math.min(overlap, 3) * 0.5 + own + 1 / (2 + sentence.position);
}

function isSubjects(sentence: Sentence, subject: string): boolean {
  const host = URL.canParse(sentence.document.url) ? new URL(sentence.document.url).hostname.replace(/^www\./, '') : '';
  return host !== '' && subject.includes(host);
}
