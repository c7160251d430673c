import type { Fields } from '../../protocol/fields.ts';
import type { FetchPage, Job, Search, SocialSource } from '../../protocol/job.ts';
import type { Model } from '../../protocol/model.ts';
import type { Cause, Kind } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { CrmAccess } from '../../protocol/ports/crm-access.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Log } from '../../protocol/ports/log.ts';
import type { Store, TenantTx } from '../../protocol/ports/store.ts';

/** A record with what it refers to: what a job's input is made from. */
export interface Subject {
  recordId: string;
  kind: Kind;
  fields: Fields;
  /** By reference field. */
  references: Readonly<Record<string, { recordId: string; kind: Kind; fields: Fields }>>;
  aiEnabled: boolean;
}

/** A job, and how its input is made from the record it runs for. */
export interface JobEntry<Input> {
  job: Job<Input>;
  inputFrom: (subject: Subject) => Input;
}

/** An entry whose input type is its own business. */
export type AnyJobEntry = JobEntry<never>;

/** What runs are performed with. */
export interface RunDeps {
  store: Store;
  bell: Bell;
  crm: CrmAccess;
  clock: Clock;
  ids: Ids;
  log: Log;
  jobs: ReadonlyMap<string, AnyJobEntry>;
  model: Model;
  fetchPage: FetchPage;
  search: Search | undefined;
  social: readonly SocialSource[];
  /** Which fields of a kind are single references. */
  referencesOf: (kind: Kind) => readonly string[];
  /** Files results in the canonical store; answers the installations that have something to write. */
  file: (
    tx: TenantTx,
    filing: {
      records: readonly { id: string; kind: Kind; fields: Fields }[];
      updates: readonly { recordId: string; fields: Fields }[];
      cause: Cause;
    },
  ) => Promise<string[]>;
}
