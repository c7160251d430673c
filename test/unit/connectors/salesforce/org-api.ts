import { salesforceConnector } from '../../../../connectors/salesforce/connector.ts';
import type { CrmApi, RowOutcome, RowWrite } from '../../../../protocol/crm-connector.ts';
import { systemClock } from '../../../conformance/system-clock.ts';
import { orgA, startTiny, type Tiny } from '../../sandbox/salesforce/start-tiny.ts';

export const purpose = { lane: 'background', what: 'test' } as const;

/** An org of the stand-in and the connector's API of it, whose calls are counted. */
export interface OrgApi {
  tiny: Tiny;
  api: CrmApi;
  /** Rows of each call that passed the gate, by what it was about. */
  calls: { object: string; count: number }[];
  stop(): Promise<void>;
}

export async function openOrg(): Promise<OrgApi> {
  const tiny = await startTiny();
  const calls: OrgApi['calls'] = [];
  const connector = salesforceConnector({
    loginUrl: tiny.baseUrl,
    pubsubUrl: 'http://127.0.0.1:1',
    clientName: 'Rapport',
    clock: systemClock,
  });
  const api = connector.open({
    accountId: orgA.orgId,
    grant: { ...orgA.integration },
    gate: {
      call: (about, send) => {
        calls.push({ object: about.object, count: about.count });
        return send(() => undefined);
      },
    },
    saveGrant: async () => undefined,
  });
  return { tiny, api, calls, stop: () => tiny.stop() };
}

export const newRow = (recordId: string, fields: RowWrite['fields']): RowWrite => ({
  recordId,
  externalId: null,
  fields,
  before: {},
});

export function write(api: CrmApi, object: string, rows: readonly RowWrite[]): Promise<RowOutcome[]> {
  return api.write(object, 'Rapport_Id__c', rows, [], purpose);
}

/** What went wrong with a row; undefined where nothing did. */
export const errorOf = (outcome: RowOutcome | undefined): Error | undefined =>
  outcome?.status === 'failed' ? outcome.error : undefined;
