import { ApiError } from '../api-error.ts';
import { apiInstant, parseInstant } from '../instant.ts';
import { ok, type Call, type Route } from './api.ts';
import { entityOf } from './find.ts';

const day_ms = 86_400_000;

/** Bounds of the asked span: minutes only, at most 30 days back. Source: REST API guide, sObject Get Updated / Get Deleted. */
function span({ request, tx }: Call): { from: string; to: string } {
  const [from_ms, to_ms] = ['start', 'end'].map((name) => {
    const at_ms = parseInstant(request.query.get(name) ?? '');
    if (at_ms === undefined)
      throw new ApiError(400, 'INVALID_REPLICATION_DATE', `${name} is not a valid date and time`);
    return Math.floor(at_ms / 60_000) * 60_000;
  }) as [number, number];
  if (to_ms - from_ms < 60_000) {
    throw new ApiError(400, 'INVALID_REPLICATION_DATE', 'endDate must be at least one minute greater than startDate');
  }
  if (from_ms < tx.now_ms - 30 * day_ms) {
    throw new ApiError(
      400,
      'INVALID_REPLICATION_DATE',
      'startDate before org replication enabled date or more than 30 days ago',
    );
  }
  return { from: apiInstant(from_ms), to: apiInstant(to_ms) };
}

export const changedRoutes: readonly Route[] = [
  {
    method: 'GET',
    pattern: '/sobjects/:type/updated',
    query: ['start', 'end'],
    handler: (call) => {
      const { from, to } = span(call);
      const rows = [...call.org.rows(entityOf(call)).modifiedBetween(from, to)].filter((row) => !row['IsDeleted']);
      return ok({ ids: rows.map((row) => row.Id), latestDateCovered: to });
    },
  },
  {
    method: 'GET',
    pattern: '/sobjects/:type/deleted',
    query: ['start', 'end'],
    handler: (call) => {
      const { from, to } = span(call);
      const rows = [...call.org.rows(entityOf(call)).modifiedBetween(from, to)].filter((row) => row['IsDeleted']);
      return ok({
        deletedRecords: rows.map((row) => ({ id: row.Id, deletedDate: row['SystemModstamp'] })),
        earliestDateAvailable: apiInstant(call.tx.now_ms - 15 * day_ms),
        latestDateCovered: to,
      });
    },
  },
];
