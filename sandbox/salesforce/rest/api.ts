import { ApiError, notFound } from '../api-error.ts';
import type { Org } from '../org/org.ts';
import type { Transaction } from '../org/transaction.ts';

/** One call below `/services/data/vXX.X`, be it of its own or inside a composite request. */
export interface ApiRequest {
  method: string;
  /** Begins with a slash, below the version. */
  path: string;
  /** e.g. `67.0` */
  version: string;
  query: URLSearchParams;
  /** A header's value, or ''. */
  header(name: string): string;
  /** The parsed body; JSON_PARSER_ERROR if it is no JSON. */
  body(): unknown;
  /** The body as it came. */
  text(): string;
}

export interface ApiAnswer {
  status: number;
  body?: unknown;
  /** A body of text/csv, in place of `body`. */
  csv?: string;
  headers?: Record<string, string>;
}

export interface Call {
  request: ApiRequest;
  /** Parts of the path that the route names, decoded. */
  params: Readonly<Record<string, string>>;
  org: Org;
  tx: Transaction;
  userId: string;
  client: { id: string; isPerson: boolean };
  isIntegration: boolean;
  /** `/services/data/vXX.X` */
  base: string;
}

export type Handler = (call: Call) => ApiAnswer;

export interface Route {
  method: string;
  /** e.g. `/sobjects/:type/:id` */
  pattern: string;
  /** Names of query parameters it knows. The vendor ignores others; here they are refused, so that a misspelling shows. */
  query?: readonly string[];
  handler: Handler;
}

export const ok = (body: unknown): ApiAnswer => ({ status: 200, body });

function match(pattern: string, path: string): Record<string, string> | undefined {
  const wanted = pattern.split('/');
  const given = path.replace(/\/$/, '').split('/');
  if (wanted.length !== given.length) return undefined;
  const params: Record<string, string> = {};
  for (const [index, part] of wanted.entries()) {
    const value = given[index] ?? '';
    if (part.startsWith(':')) params[part.slice(1)] = decodeURIComponent(value);
    else if (part !== value) return undefined;
  }
  return params;
}

/** Finds the route of a request. Errors: NOT_FOUND for an unknown path, METHOD_NOT_ALLOWED for a known one. */
export function route(
  routes: readonly Route[],
  request: ApiRequest,
): { handler: Handler; params: Record<string, string> } {
  const methods: string[] = [];
  for (const one of routes) {
    const params = match(one.pattern, request.path);
    if (!params) continue;
    if (one.method !== request.method) {
      methods.push(one.method);
      continue;
    }
    const unknown = [...request.query.keys()].find((name) => !one.query?.includes(name));
    if (unknown) {
      const message = `The sandbox refuses the query parameter '${unknown}': ${request.method} ${one.pattern} has none of that name`;
      throw new ApiError(400, 'SANDBOX_UNKNOWN_PARAMETER', message);
    }
    return { handler: one.handler, params };
  }
  if (methods.length === 0) throw notFound();
  const message = `HTTP Method '${request.method}' not allowed. Allowed are ${methods.join(',')}`;
  throw new ApiError(405, 'METHOD_NOT_ALLOWED', message);
}
