import type { Grant } from '../../../protocol/crm-connector.ts';
import type {
  Change,
  Conflict,
  Installation,
  Link,
  Parked,
  Person,
  StoredRecord,
  Tenant,
  Write,
} from '../../../protocol/nouns.ts';
import type { AuditEntry } from '../../../protocol/ports/store.ts';
import { unfinishedStates, type Callback, type Run } from '../../../protocol/run.ts';
import type { VendorEvent } from '../../../protocol/vendor-event.ts';
import { keyOf, Table } from './table.ts';

export interface InboxRow {
  id: string;
  /** The order of arrival over all tenants. */
  seq: number;
  installationId: string;
  event: VendorEvent;
  receivedAt_ms: number;
  lookAt_ms: number;
  outcome: 'applied' | 'no_change' | 'parked' | 'superseded' | null;
}

/** Every cause that started a run or joined one. */
interface RunCause {
  job: string;
  recordId: string;
  causeId: string;
  runId: string;
}

interface AuditRow extends AuditEntry {
  id: string;
  at_ms: number;
}

const byId = (row: { id: string }): string => row.id;

/** The key under which an event of a row is looked for, when the row's person is erased. */
export const placeOf = (installationId: string, object: string, externalId: string): string =>
  keyOf(installationId, object, externalId);

/** What one open parked entry stands for: installation, object, external id or record, field. */
export function slotOf({ installationId, object, externalId, recordId, field }: Parked): string {
  return JSON.stringify([installationId, object, externalId === null ? { recordId } : externalId, field]);
}

export function isUnfinished({ state }: Run): boolean {
  return unfinishedStates.some((one) => one === state);
}

/** The tables of one tenant. Keys, unique values and indexes are those of `hub/store/tables/`, without the tenant. */
export function newTables(tenantId: string) {
  const named = (name: string): string => keyOf(tenantId, name);
  return {
    tenant: new Table<Tenant>(named('tenant'), {
      columns: { id: true, name: true, aiEnabled: true },
      key: byId,
      indexes: {},
    }),
    installations: new Table<Installation>(named('installation'), {
      columns: {
        tenantId: true,
        id: true,
        vendor: true,
        accountId: true,
        state: true,
        confirmed: true,
        targets: true,
        timeZone: true,
        brokenReason: true,
      },
      key: byId,
      indexes: {},
    }),
    grants: new Table<{ installationId: string; grant: Grant }>(named('grant'), {
      columns: { installationId: true, grant: true },
      key: (row) => row.installationId,
      indexes: {},
    }),
    cursors: new Table<{ installationId: string; name: string; value: string }>(named('cursor'), {
      columns: { installationId: true, name: true, value: true },
      key: (row) => keyOf(row.installationId, row.name),
      indexes: {},
    }),
    people: new Table<Person>(named('person'), {
      columns: { installationId: true, userId: true, ownerId: true, name: true, email: true },
      key: (row) => keyOf(row.installationId, row.userId),
      indexes: {},
    }),
    records: new Table<StoredRecord, 'kind' | 'mergedInto'>(named('record'), {
      columns: { id: true, kind: true, fields: true, stamps: true, deletedAt_ms: true, mergedInto: true },
      key: byId,
      indexes: { kind: (row) => row.kind, mergedInto: (row) => row.mergedInto },
    }),
    matchKeys: new Table<{ kind: string; key: string; recordId: string }, 'key' | 'record'>(named('match_key'), {
      columns: { kind: true, key: true, recordId: true },
      key: (row) => keyOf(row.kind, row.key, row.recordId),
      indexes: { key: (row) => keyOf(row.kind, row.key), record: (row) => row.recordId },
    }),
    links: new Table<Link, 'place' | 'live' | 'record' | 'deliver'>(named('link'), {
      columns: {
        id: true,
        recordId: true,
        installationId: true,
        object: true,
        externalId: true,
        state: true,
        base: true,
        facts: true,
        stamp_ms: true,
        writtenAt_ms: true,
        deliverAt_ms: true,
        attempts: true,
        agreedAt_ms: true,
      },
      key: byId,
      indexes: {
        place: (row) => (row.externalId === null ? null : placeOf(row.installationId, row.object, row.externalId)),
        live: (row) => (row.state === 'live' ? keyOf(row.recordId, row.installationId) : null),
        record: (row) => row.recordId,
        deliver: (row) =>
          row.state === 'live' && row.deliverAt_ms !== null ? keyOf(row.installationId, row.object) : null,
      },
      unique: ['place', 'live'],
    }),
    writes: new Table<Write, 'link' | 'open'>(named('write'), {
      columns: { id: true, linkId: true, values: true, state: true, sentAt_ms: true, answeredAt_ms: true, cause: true },
      key: byId,
      indexes: {
        link: (row) => row.linkId,
        open: (row) => (['sent', 'uncertain', 'answered'].includes(row.state) ? row.linkId : null),
      },
    }),
    changes: new Table<Change, 'record'>(named('change'), {
      columns: {
        id: true,
        recordId: true,
        field: true,
        before: true,
        after: true,
        side: true,
        author: true,
        cause: true,
        at_ms: true,
      },
      key: byId,
      indexes: { record: (row) => row.recordId },
    }),
    conflicts: new Table<Conflict, 'record'>(named('conflict'), {
      columns: {
        id: true,
        recordId: true,
        field: true,
        winner: true,
        loser: true,
        lost: true,
        kept: true,
        reason: true,
        at_ms: true,
      },
      key: byId,
      indexes: { record: (row) => row.recordId },
    }),
    parked: new Table<Parked, 'slot' | 'record' | 'place' | 'waitsFor'>(named('parked'), {
      columns: {
        id: true,
        installationId: true,
        object: true,
        externalId: true,
        recordId: true,
        field: true,
        cause: true,
        detail: true,
        remedy: true,
        value: true,
        waitsFor: true,
        at_ms: true,
      },
      key: byId,
      indexes: {
        slot: slotOf,
        record: (row) => row.recordId,
        place: (row) => (row.externalId === null ? null : placeOf(row.installationId, row.object, row.externalId)),
        waitsFor: (row) => (row.waitsFor === null ? null : keyOf(row.installationId, row.waitsFor)),
      },
      unique: ['slot'],
    }),
    audit: new Table<AuditRow>(named('audit'), {
      columns: { id: true, action: true, actor: true, subject: true, detail: true, at_ms: true },
      key: byId,
      indexes: {},
    }),
    erased: new Table<{ vendor: string; externalId: string }>(named('erased'), {
      columns: { vendor: true, externalId: true },
      key: (row) => keyOf(row.vendor, row.externalId),
      indexes: {},
    }),
    runs: new Table<Run, 'unfinished' | 'subject'>(named('run'), {
      columns: {
        id: true,
        tenantId: true,
        job: true,
        recordId: true,
        cause: true,
        askedBy: true,
        askedWith: true,
        releasedBy: true,
        state: true,
        progress: true,
        message: true,
        result: true,
        cost: true,
        queuedAt_ms: true,
        startedAt_ms: true,
        finishedAt_ms: true,
        leaseUntil_ms: true,
        attempts: true,
        stops: true,
      },
      key: byId,
      indexes: {
        unfinished: (row) => (isUnfinished(row) ? keyOf(row.job, row.recordId) : null),
        subject: (row) => keyOf(row.job, row.recordId),
      },
      unique: ['unfinished'],
    }),
    runCauses: new Table<RunCause>(named('run_cause'), {
      columns: { job: true, recordId: true, causeId: true, runId: true },
      key: (row) => keyOf(row.job, row.recordId, row.causeId),
      indexes: {},
    }),
    callbacks: new Table<Callback, 'run'>(named('callback'), {
      columns: { runId: true, installationId: true, callbackId: true, state: true },
      key: (row) => keyOf(row.installationId, row.callbackId),
      indexes: { run: (row) => row.runId },
    }),
    inbox: new Table<InboxRow, 'waiting' | 'place'>(named('inbox'), {
      columns: {
        id: true,
        seq: true,
        installationId: true,
        event: true,
        receivedAt_ms: true,
        lookAt_ms: true,
        outcome: true,
      },
      key: byId,
      indexes: {
        waiting: (row) => (row.outcome === null ? row.installationId : null),
        place: (row) => placeOf(row.installationId, row.event.object, row.event.externalId),
      },
    }),
  };
}

export type Tables = ReturnType<typeof newTables>;
