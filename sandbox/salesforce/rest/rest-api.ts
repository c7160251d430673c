import type { Clock } from '../../kit/clock.ts';
import type { Faults } from '../../kit/faults.ts';
import type { Collection } from '../../kit/storage.ts';
import { ApiError } from '../api-error.ts';
import type { ValidationRule } from '../dml/validation-rule.ts';
import { refuseByFault } from '../faults.ts';
import type { Session } from '../oauth/sessions.ts';
import type { Org } from '../org/org.ts';
import { Transaction } from '../org/transaction.ts';
import type { ChangeFeed } from '../row-change.ts';
import { route, type ApiAnswer, type ApiRequest, type Call, type Route } from './api.ts';
import { ingestJobRoutes } from '../bulk/ingest-job-routes.ts';
import type { BulkJobs } from '../bulk/job.ts';
import { queryJobRoutes } from '../bulk/query-job-routes.ts';
import type { QueryResults } from '../bulk/query-results.ts';
import { changedRoutes } from './changed-routes.ts';
import { collectionRoutes } from './collection-routes.ts';
import { compositeRoute } from './composite-route.ts';
import { limitRoutes } from './limit-routes.ts';
import { QueryCursors } from './query-cursors.ts';
import { queryRoutes } from './query-routes.ts';
import { sobjectRoutes } from './sobject-routes.ts';
import type { ApiUsage } from './api-usage.ts';

export interface RestApiParts {
  clock: Clock;
  faults: Faults;
  feed: ChangeFeed;
  rules: Collection<ValidationRule>;
  usage: ApiUsage;
  bulk: { jobs: BulkJobs; kept: QueryResults; started: () => void };
}

/** `com/salesforce/api/rest/67.0;client=Rapport` for an app, empty for a person. Source: Change Data Capture guide, header. */
function changeOrigin(session: Session, version: string, callOptions: string): string {
  if (session.kind === 'person') return '';
  const client = /(?:^|,)\s*client\s*=\s*([^,]+)/i.exec(callOptions)?.[1]?.trim();
  return `com/salesforce/api/rest/${version}${client ? `;client=${client}` : ''}`;
}

/** The REST API: one request is one transaction, whose changes are published when it is committed. */
export class RestApi {
  readonly #parts: RestApiParts;
  readonly #cursors = new QueryCursors();
  readonly #routes: readonly Route[];

  constructor(parts: RestApiParts) {
    this.#parts = parts;
    this.#routes = [
      ...limitRoutes(parts.usage, parts.bulk.jobs),
      ...queryRoutes(this.#cursors),
      ...changedRoutes,
      ...sobjectRoutes,
      ...collectionRoutes,
      ...queryJobRoutes(parts.bulk.jobs, parts.bulk.kept, parts.bulk.started),
      ...ingestJobRoutes(parts.bulk.jobs, parts.bulk.started),
      compositeRoute((parent, request) => this.#dispatch(parent, request)),
    ];
  }

  /** Runs a call and commits it; every refusal is an answer. */
  perform(org: Org, session: Session, request: ApiRequest): ApiAnswer {
    return this.transact(
      org,
      session,
      changeOrigin(session, request.version, request.header('sforce-call-options')),
      (tx) => {
        refuseByFault(this.#parts.faults, {
          org: org.orgId,
          client: session.clientId,
          method: request.method,
          path: request.path,
        });
        const call = {
          org,
          tx,
          userId: session.userId,
          client: { id: session.clientId, isPerson: session.kind === 'person' },
          isIntegration: tx.actor.isIntegration,
          base: `/services/data/v${request.version}`,
        };
        return this.#handle(call, request);
      },
    );
  }

  /** Runs `work` in a transaction of this user. */
  transact(org: Org, session: Session, origin: string, work: (tx: Transaction) => ApiAnswer): ApiAnswer {
    const { clock, faults, rules, feed } = this.#parts;
    const isIntegration = session.userId === org.profile.integrationUserId;
    const actor = { userId: session.userId, isIntegration, changeOrigin: origin };
    const tx = new Transaction(org, actor, { faults, rules, now_ms: clock.now_ms() });
    try {
      const answer = work(tx);
      const changes = tx.commit();
      if (changes.length > 0) feed.publish(changes);
      return answer;
    } catch (error) {
      tx.rollback();
      if (error instanceof ApiError) return { status: error.status, body: error.items };
      throw error;
    }
  }

  closeCursors(): void {
    this.#cursors.clear();
    this.#parts.bulk.kept.clear();
  }

  #handle(call: Omit<Call, 'request' | 'params'>, request: ApiRequest): ApiAnswer {
    const { handler, params } = route(this.#routes, request);
    return handler({ ...call, request, params });
  }

  #dispatch(parent: Call, request: ApiRequest): ApiAnswer {
    const before = parent.tx.savepoint();
    try {
      return this.#handle(parent, request);
    } catch (error) {
      if (!(error instanceof ApiError)) throw error;
      parent.tx.rollback(before);
      return { status: error.status, body: error.items };
    }
  }
}
