import { parseQuery, type Query, type QueryBase } from '@jetstreamapp/soql-parser-js';
import { malformedQuery } from './query-error.ts';

const maxLength = 100_000;
const maxOffset = 2000;

/** Parts of the language that parse but that the stand-in does not have; each is refused, never ignored. */
const unsupported = [
  'usingScope',
  'groupBy',
  'having',
  'withDataCategory',
  'withSecurityEnforced',
  'withAccessLevel',
  'for',
  'update',
] as const satisfies readonly (keyof QueryBase)[];

/** Parses a statement; MALFORMED_QUERY for what is no SOQL or is outside of what the stand-in evaluates. */
export function parseSoql(soql: string): Query {
  if (soql.length > maxLength) throw malformedQuery('SOQL statements cannot be longer than 100000 characters.');
  let query: Query;
  try {
    query = parseQuery(soql);
  } catch (error) {
    throw malformedQuery(firstSentence(soql, error));
  }
  refuseUnsupported(query);
  return query;
}

/** Also for each subquery. */
export function refuseUnsupported(query: QueryBase): void {
  const part = unsupported.find((one) => query[one] !== undefined);
  if (part) throw malformedQuery(`unexpected token: ${part} (the sandbox does not evaluate this part of SOQL)`);
  if ((query.offset ?? 0) > maxOffset) throw malformedQuery(`Maximum SOQL offset allowed is ${maxOffset}`);
}

/** The parser names the token it stumbled over at the end of a long list of what it expected. */
function firstSentence(soql: string, error: unknown): string {
  const text = error instanceof Error ? error.message : String(error);
  const found = /but found:?\s*(?:-->)?\s*'?([^'<\n]*?)'?\s*(?:<--)?\s*$/.exec(text)?.[1]?.trim();
  return found ? `unexpected token: '${found}'` : `unexpected end of statement: ${soql.slice(-40)}`;
}
