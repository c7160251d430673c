import { getDomainWithoutSuffix } from 'tldts';

/** Legal forms, and words that companies add to their name and leave out again. */
const legalForms =
  /[\s,]+(?:\p{L}*gesellschaft|\p{L}+-\s+und|internationale|group|gruppe|groupe|grupo|international|holdings?|worldwide|global|inc|incorporated|llc|llp|corp|corporation|co|company|ltd|limited|plc|gmbh|mbh|ag|kg|ohg|se|ug|e\.?\s?k|s\.?\s?a|s\.?\s?a\.?\s?s|sarl|s\.?\s?l|s\.?\s?p\.?\s?a|s\.?\s?r\.?\s?l|b\.?\s?v|n\.?\s?v|ab|as|asa|a\/s|aps|oy|oyj|sp\.?\s?z\s?o\.?\s?o|k\.?\s?k|pty|s\.?\s?r\.?\s?o|a\.?\s?s|s\.?\s?a\.? de c\.?\s?v|& co)\.?$/iu;

/**
 * A company's name as the public uses it: the first words of the name that its site is named like (`Northwind Group`, northwind.example
 * -> `Northwind`), else the name without its legal form and the like (`Halden Precision Ltd` -> `Halden Precision`).
 */
export function brandOf(name: string, site: string | null): string {
  const words = name.trim().split(/\s+/);
  const starts = words.map((_, at) =>
    words
      .slice(0, at + 1)
      .join(' ')
      .replace(/[,;]$/, ''),
  );
  const likeSite = starts.find((start) => site !== null && isNamedLike(site, start));
  return likeSite ?? withoutLegalForm(name);
}

function withoutLegalForm(name: string): string {
  const shorter = name.trim().replace(legalForms, '').trim();
  return shorter === '' || shorter === name.trim() ? name.trim() : withoutLegalForm(shorter);
}

/** Text in one form for comparing: compatibility forms, quotes and spaces unified, small letters. */
export function normalised(text: string): string {
  return text
    .normalize('NFKC')
    .replaceAll(/[‘’‚‛`´]/g, "'")
    .replaceAll(/[“”„‟«»]/g, '"')
    .replaceAll(/[‐‑‒–—]/g, '-')
    .replaceAll(/\s+/g, ' ')
    .trim()
    .toLowerCase();
}

/** Whether a domain is written like a name: `Øresund Cargo` and `oresund-cargo.example`; umlauts in either spelling. */
export function isNamedLike(domain: string, name: string): boolean {
  const stem = letters(getDomainWithoutSuffix(domain) ?? '', {});
  const german = { ä: 'ae', ö: 'oe', ü: 'ue', å: 'a' };
  return stem !== '' && (stem === letters(name, {}) || stem === letters(name, german));
}

/** A name reduced to what makes two spellings of it equal. */
export function nameKey(name: string): string {
  return letters(withoutLegalForm(name), {});
}

function letters(text: string, more: Readonly<Record<string, string>>): string {
  const plain: Readonly<Record<string, string>> = {
    ø: 'o',
    ł: 'l',
    ß: 'ss',
    æ: 'ae',
    œ: 'oe',
    đ: 'd',
    ı: 'i',
    ...more,
  };
  return text
    .toLowerCase()
    .normalize('NFC')
    .replaceAll(/\p{L}/gu, (letter) => plain[letter] ?? letter)
    .normalize('NFKD')
    .replaceAll(/[^\p{L}\p{N}]/gu, '');
}
