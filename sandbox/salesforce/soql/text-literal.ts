import { malformedQuery } from './query-error.ts';

const escapes: Record<string, string> = {
  n: '\n',
  r: '\r',
  t: '\t',
  b: '\b',
  f: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
};

/**
 * The text of a quoted literal. With `like`, an escaped `%` or `_` stays escaped, so that `likePattern` can tell it from a
 * wildcard. Source: SOQL reference, quoted string escape sequences.
 */
export function textLiteral(quoted: string, like = false): string {
  return quoted.slice(1, -1).replace(/\\(u[0-9a-fA-F]{4}|[\s\S])/g, (sequence, code: string) => {
    if (code.startsWith('u') && code.length === 5) return String.fromCodePoint(Number.parseInt(code.slice(1), 16));
    if (like && (code === '%' || code === '_' || code === '\\')) return sequence;
    const plain = escapes[code];
    if (plain === undefined) throw malformedQuery(`Illegal string escape: ${sequence}`);
    return plain;
  });
}

/** A LIKE pattern as an expression: `%` any text, `_` one character, without regard to case. */
export function likePattern(pattern: string): RegExp {
  let source = '';
  for (const part of pattern.match(/\\[%_\\]|[\s\S]/g) ?? []) {
    if (part === '%') source += '[\\s\\S]*';
    else if (part === '_') source += '[\\s\\S]';
    else source += (part.length === 2 ? part.slice(1) : part).replace(/[\\^$.*+?()[\]{}|/]/g, '\\$&');
  }
  return new RegExp(`^${source}$`, 'i');
}
