import type { BulkJobs } from '../bulk/job.ts';
import { dailyQueryJobs } from '../bulk/query-job-routes.ts';
import { ok, type Route } from './api.ts';
import type { ApiUsage } from './api-usage.ts';

/** What is used of the org's allocations. Source: REST API guide, Limits, Record Count. */
export function limitRoutes(usage: ApiUsage, jobs: BulkJobs): readonly Route[] {
  return [
    {
      method: 'GET',
      pattern: '',
      handler: ({ base }) =>
        ok(
          Object.fromEntries(
            ['sobjects', 'query', 'queryAll', 'limits', 'composite', 'jobs'].map((name) => [name, `${base}/${name}`]),
          ),
        ),
    },
    {
      method: 'GET',
      pattern: '/limits',
      handler: ({ org }) => {
        const left = (max: number, used: number) => ({ Max: max, Remaining: Math.max(0, max - used) });
        return ok({
          DailyApiRequests: left(org.profile.dailyApiRequests, usage.used(org)),
          DailyBulkV2QueryJobs: left(dailyQueryJobs(org), jobs.madeToday(org, 'query')),
        });
      },
    },
    {
      method: 'GET',
      pattern: '/limits/recordCount',
      query: ['sObjects'],
      handler: ({ org, request }) => {
        const names = request.query.get('sObjects')?.split(',') ?? org.schema.entities.map((entity) => entity.name);
        const sObjects = names.flatMap((name) => {
          const entity = org.schema.entity(name);
          if (!entity) return [];
          const count = [...org.rows(entity).all()].filter((row) => !row['IsDeleted']).length;
          return [{ count, name: entity.name }];
        });
        return ok({ sObjects });
      },
    },
  ];
}
