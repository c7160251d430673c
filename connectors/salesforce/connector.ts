import type { CrmApi, CrmConnector, Grant } from '../../protocol/crm-connector.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import { archiveRows } from './archive.ts';
import { BatchSizes } from './batch-sizes.ts';
import { Calls } from './calls.ts';
import { Describes } from './describes.ts';
import { listRows, rowsChangedSince, walkRows } from './list.ts';
import { people } from './people.ts';
import { personAccounts } from './person-accounts.ts';
import { readRows, readRowsByField } from './read.ts';
import { Sessions } from './sessions.ts';
import { streamEvents } from './stream.ts';
import { Suspects } from './suspects.ts';
import { ingestJobs } from './ingest-jobs.ts';
import { writeRows } from './write.ts';

export interface SalesforceOptions {
  /** Where tokens are asked for when a grant names no `loginUrl`. */
  loginUrl: string;
  /** `https://api.pubsub.salesforce.com:7443` */
  pubsubUrl: string;
  /** Sent with every call; comes back as the client of a change's origin. */
  clientName: string;
  clock: Clock;
  /** Hosts beside Salesforce's own and the login host to which tokens may be sent. */
  allowedHosts?: readonly string[];
  /** How long one call may take. */
  timeout_ms?: number;
}

/**
 * Salesforce. A grant's keys are `clientId` and either `clientSecret` (client credentials) or `username` and `privateKey`
 * (PEM; JWT bearer), and `loginUrl` where it is not the configured one.
 * Pseudo-field: `contactRoles` on Opportunity (sorted contact ids).
 */
export function salesforceConnector(options: SalesforceOptions): CrmConnector {
  const { loginUrl, pubsubUrl, clientName, clock, allowedHosts = [], timeout_ms = 30_000 } = options;
  const hosts = { loginUrl, allowedHosts };
  return {
    vendor: 'salesforce',
    async proveGrant({ accountId, grant, gate }) {
      const saveGrant = async (): Promise<void> => undefined;
      const given = { accountId, grant, saveGrant, readGrant: undefined, hosts, clientName, clock, timeout_ms };
      const calls = new Calls({ gate, sessions: new Sessions(given), clock, timeout_ms });
      // A session tells its org, which is compared where it is opened.
      await calls.session({ lane: 'interactive', what: 'reconnect' });
      return grant;
    },
    open(account) {
      const { accountId, grant, gate } = account;
      const saveGrant = (next: Grant): Promise<void> => account.saveGrant(next);
      const readGrant = account.readGrant?.bind(account);
      const sessions = new Sessions({ accountId, grant, saveGrant, readGrant, hosts, clientName, clock, timeout_ms });
      const calls = new Calls({ gate, sessions, clock, timeout_ms });
      return api(calls, { pubsubUrl, clientName });
    },
  };
}

function api(calls: Calls, events: { pubsubUrl: string; clientName: string }): CrmApi {
  const describes = new Describes(calls);
  const sizes = new BatchSizes();
  const suspects = new Suspects();
  return {
    read: (object, ids, fields, purpose) => readRows({ calls, describes, object, fields, purpose }, ids),
    readByRecordId: (object, idField, recordIds, fields, purpose) =>
      readRowsByField({ calls, describes, object, fields, purpose }, idField, recordIds),
    write: (object, idField, rows, _fields, purpose) =>
      writeRows({ calls, describes, sizes, suspects, object, idField, purpose }, rows),
    archive: (object, ids, purpose) => archiveRows(calls, object, ids, purpose),
    list: (object, after, purpose) => listRows({ calls, describes, object, purpose }, after),
    walk: (object, after, purpose) => walkRows({ calls, describes, object, purpose }, after),
    changedSince: (object, since, purpose) => rowsChangedSince({ calls, describes, object, purpose }, since),
    writeJobs: ingestJobs(calls, describes),
    describe: (object) => describes.get(object),
    unsuited: () => personAccounts(describes),
    people: () => people(calls),
    stream: (streaming) => streamEvents({ calls, ...events }, streaming),
  };
}
