/** A firm or a person as a sentence names it; `domain` where the sentence gives it in brackets. */
export interface Mention {
  name: string;
  domain?: string;
}

const capital = String.raw`\p{Lu}[\p{L}\p{N}'’.-]*`;
const joint = String.raw`(?:\s+(?:&|and Sons|am|an der|van|van der|von|de|de la|del|do|du|of the)\s+|\s+)`;
const nameRun = new RegExp(`${capital}(?:${joint}${capital})*`, 'gu');
const withDomain = new RegExp(String.raw`(${capital}(?:${joint}${capital})*)\s*\(((?:[a-z0-9-]+\.)+[a-z]{2,})\)`, 'gu');
const domainPattern = /\b(?:[a-z0-9-]+\.)+[a-z]{2,}\b/;
const months = 'January|February|March|April|May|June|July|August|September|October|November|December';
const datePattern = new RegExp(
  String.raw`\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2} (?:${months}) \d{4}\b|\b(?:${months}) \d{1,2}, \d{4}\b`,
);
const rolePattern =
  /\b(?:(?:Group |Deputy |Interim )?Chief [A-Z]\w+(?: (?:and )?[A-Z]\w+)* Officer|C[EFOTI]O|Managing Director|(?:Head|Director|VP|Vice President) of (?:[A-Z]\w+)(?: (?:and )?[A-Z]\w+)*|Founder|Chairman|Chairwoman|President)\b/;
/** Words that begin a sentence, or are capitalised without being anybody's name. */
const notNames = new RegExp(
  `^(?:In|On|At|The|A|An|Our|Its|It|We|They|He|She|This|That|These|Among|Since|With|For|From|By|Other|Also|Customers|Buyers|Chief|Head|${months})$`,
);

/** The domain a text gives, or undefined. */
export function domainIn(text: string): string | undefined {
  return text.match(domainPattern)?.[0];
}

/** A date as the text writes it, or undefined. */
export function dateIn(text: string): string | undefined {
  return text.match(datePattern)?.[0];
}

/** The office a person holds, as the text writes it, or undefined. */
export function roleIn(text: string): string | undefined {
  return text.match(rolePattern)?.[0];
}

/** Names with their domains where the text pairs them (`Kestrel Freight (kestrel-freight.example)`), else all capitalised names. */
export function mentionsIn(text: string): Mention[] {
  const paired = [...text.matchAll(withDomain)].map(([, name = '', domain = '']) => ({ name: trimmed(name), domain }));
  if (paired.length > 0) return paired;
  const role = roleIn(text) ?? '';
  const names = [...text.matchAll(nameRun)]
    .filter((match) => !/\b(?:in|at|from|near|to)\s$/.test(text.slice(0, match.index)))
    .map(([run]) => trimmed(run))
    .filter((name) => name.length > 2 && !notNames.test(name) && !role.includes(name));
  return [...new Set(names)].map((name) => ({ name }));
}

/** Takes leading words that only begin the sentence off a run of capitalised words. */
function trimmed(run: string): string {
  const words = run.replace(/[.'’-]+$/u, '').split(/\s+/);
  while (words.length > 1 && notNames.test(words[0] as string)) words.shift();
  return words.join(' ');
}
