import { z } from 'zod';
import { ApiError } from '../api-error.ts';
import type { ApiAnswer, ApiRequest, Call, Route } from './api.ts';

const maxSubrequests = 25;
const maxQueriesAndCollections = 5;

const subrequestSchema = z.strictObject({
  method: z.enum(['GET', 'POST', 'PATCH', 'PUT', 'DELETE']),
  url: z.string(),
  referenceId: z.string(),
  body: z.unknown().optional(),
  httpHeaders: z.record(z.string(), z.string()).optional(),
});

const compositeSchema = z.strictObject({
  allOrNone: z.boolean().default(false),
  collateSubrequests: z.boolean().optional(),
  compositeRequest: z.array(subrequestSchema),
});

type Subrequest = z.infer<typeof subrequestSchema>;

/** Runs one call in the given call's transaction, errors turned into answers. */
export type Dispatch = (parent: Call, request: ApiRequest) => ApiAnswer;

const failed = (errorCode: string, message: string): ApiAnswer => ({ status: 400, body: [{ errorCode, message }] });

/** The value at `id` or `records[0].Id` of an earlier answer. */
function lookUp(answers: ReadonlyMap<string, unknown>, reference: string): unknown {
  const [name = '', ...path] = reference.split(/[.[\]]+/).filter((part) => part !== '');
  let at = answers.get(name);
  for (const part of path) at = (at as Record<string, unknown> | null | undefined)?.[part];
  if (typeof at === 'object' || at === undefined) {
    throw new ApiError(
      400,
      'PROCESSING_HALTED',
      `Invalid reference specified. No value for ${reference} found in ${name}`,
    );
  }
  return at;
}

/** Puts values of earlier answers in place of `@{reference}`, in texts at any depth. */
function fill(answers: ReadonlyMap<string, unknown>, value: unknown): unknown {
  if (typeof value === 'string') {
    return value.replace(/@\{([^}]+)\}/g, (_, reference: string) => String(lookUp(answers, reference)));
  }
  if (Array.isArray(value)) return value.map((one) => fill(answers, one));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, fill(answers, one)]));
}

function toRequest(sub: Subrequest, answers: ReadonlyMap<string, unknown>): ApiRequest {
  const url = new URL(String(fill(answers, sub.url)), 'http://localhost');
  const [, version, path] = /^\/services\/data\/v(\d+\.\d)(\/.*)$/.exec(url.pathname) ?? [];
  if (!version || !path || path === '/composite') {
    throw new ApiError(400, 'INVALID_INPUT', `composite subrequest url is not allowed: ${sub.url}`);
  }
  const headers = Object.entries(sub.httpHeaders ?? {});
  return {
    method: sub.method,
    path,
    version,
    query: url.searchParams,
    header: (name) => headers.find(([key]) => key.toLowerCase() === name)?.[1] ?? '',
    body: () => fill(answers, sub.body ?? {}),
    text: () => '',
  };
}

function refuseOverLimits(subrequests: readonly Subrequest[]): ApiAnswer | undefined {
  const limited = subrequests.filter(({ url }) => /\/(query|queryAll|composite\/sobjects)\b/.test(url)).length;
  const bad = subrequests.find(({ referenceId }) => !/^[A-Za-z0-9][A-Za-z0-9_]*$/.test(referenceId));
  if (subrequests.length > maxSubrequests) {
    return failed('LIMIT_EXCEEDED', `The request can't contain more than ${maxSubrequests} operations.`);
  }
  if (limited > maxQueriesAndCollections) {
    return failed(
      'LIMIT_EXCEEDED',
      `The request can't contain more than ${maxQueriesAndCollections} query or collection operations.`,
    );
  }
  if (!bad) return undefined;
  const rule = "must start with a letter or a number, and it can contain only letters, numbers and underscores ('_').";
  return failed('INVALID_INPUT', `Provided referenceId ('${bad.referenceId}') ${rule}`);
}

/** `/composite`: up to 25 calls in one, later ones using answers of earlier ones. Source: REST API guide, Composite. */
export function compositeRoute(dispatch: Dispatch): Route {
  const entry = (referenceId: string | null, { status, body, headers }: ApiAnswer) => ({
    body: body ?? null,
    httpHeaders: headers?.['location'] ? { Location: headers['location'] } : {},
    httpStatusCode: status,
    referenceId,
  });

  function handler(call: Call): ApiAnswer {
    const parsed = compositeSchema.safeParse(call.request.body());
    if (!parsed.success) {
      const [issue] = parsed.error.issues;
      throw new ApiError(400, 'JSON_PARSER_ERROR', `${issue?.path.join('.') ?? ''}: ${issue?.message ?? ''}`);
    }
    const { allOrNone, compositeRequest } = parsed.data;
    const refusal = refuseOverLimits(compositeRequest);
    if (refusal) return { status: 200, body: { compositeResponse: [entry(null, refusal)] } };

    const start = call.tx.savepoint();
    const bodies = new Map<string, unknown>();
    const answers = compositeRequest.map((sub): ApiAnswer => {
      let answer: ApiAnswer;
      try {
        answer = dispatch(call, toRequest(sub, bodies));
      } catch (error) {
        if (!(error instanceof ApiError)) throw error;
        answer = { status: error.status, body: error.items };
      }
      if (answer.status < 300) bodies.set(sub.referenceId, answer.body ?? {});
      return answer;
    });
    const isFailed = ({ status, body }: ApiAnswer): boolean =>
      status >= 300 ||
      (Array.isArray(body) && body.some((row: unknown) => (row as { success?: boolean } | null)?.success === false));
    const rolledBack = allOrNone && answers.some(isFailed);
    if (rolledBack) call.tx.rollback(start);
    const halted = failed(
      'PROCESSING_HALTED',
      'The transaction was rolled back since another operation in the same transaction failed.',
    );
    return {
      status: 200,
      body: {
        compositeResponse: compositeRequest.map(({ referenceId }, index) => {
          const answer = answers[index] as ApiAnswer;
          return entry(referenceId, rolledBack && !isFailed(answer) ? halted : answer);
        }),
      },
    };
  }
  return { method: 'POST', pattern: '/composite', handler };
}
