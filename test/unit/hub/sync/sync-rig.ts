import { join } from 'node:path';
import { openStore } from '../../../../hub/store/open-store.ts';
import type { SyncDeps } from '../../../../hub/sync/deps.ts';
import { observeBatch } from '../../../../hub/sync/observe.ts';
import { timeOrderedIds } from '../../../../hub/time-ordered-ids.ts';
import { loadMappings } from '../../../../mappings/load.ts';
import { createMapper } from '../../../../mappings/mapper.ts';
import type {
  ArchiveOutcome,
  CrmApi,
  ObjectDescription,
  RowOutcome,
  RowStamp,
  RowWrite,
} from '../../../../protocol/crm-connector.ts';
import type { Fields, VendorFields } from '../../../../protocol/fields.ts';
import type { Link, Parked } from '../../../../protocol/nouns.ts';
import type { TenantTx } from '../../../../protocol/ports/store.ts';
import type { VendorEvent, VendorRow } from '../../../../protocol/vendor-event.ts';
import { start_ms, tenantNamed, testClock, type TestClock } from '../../../conformance/store/rig.ts';
import { freshDatabase } from '../../../kit/postgres.ts';
import { keys } from '../store/rig.ts';

export const address = { tenantId: 'a', installationId: 'hs', lane: 'observe' } as const;

/** The engine's observing side on a real store, with a HubSpot account made of rows in memory. Tenant `a`, installation `hs`. */
export class SyncRig {
  readonly rows = new Map<string, VendorRow>();
  /** Ids of each read, in order. */
  readonly reads: string[][] = [];
  /** The fields asked for by each read. */
  readonly asked: (readonly string[])[] = [];
  /** Vendor fields that the account neither shows nor describes. */
  readonly hidden = new Set<string>();
  /** Vendor fields that the account shows and lets nobody write. */
  readonly readOnly = new Set<string>();
  /** Rows written, in order. */
  readonly writes: { object: string; externalId: string; fields: VendorFields }[] = [];
  /** Rows deleted, as `object:id`, in order. */
  readonly archived: string[] = [];
  /** Where each walk over changes began. */
  readonly walks: { object: string; stamp_ms: number; id: string }[] = [];
  /** Pages of walks over all rows that were asked for, in order. */
  readonly listings: { object: string; after: string | undefined }[] = [];
  readonly clock: TestClock;
  readonly deps: SyncDeps;
  #events = 0;

  private constructor(store: SyncDeps['store'], clock: TestClock) {
    this.clock = clock;
    const api = {
      read: async (object: string, ids: readonly string[], fields: readonly string[]) => {
        this.reads.push([...ids]);
        this.asked.push(fields);
        const rows = ids.flatMap((id) => this.#shown(this.rows.get(`${object}:${id}`)) ?? []);
        return { rows, missing: ids.filter((id) => !this.rows.has(`${object}:${id}`)) };
      },
      archive: async (object: string, ids: readonly string[]) =>
        ids.map((id): ArchiveOutcome => {
          this.archived.push(`${object}:${id}`);
          this.put(object, id, {}, { archived: true });
          return { status: 'ok' };
        }),
      walk: async (object: string, after: string | undefined) => {
        this.listings.push({ object, after });
        const rows = [...this.rows]
          .filter(([key, row]) => key.startsWith(`${object}:`) && !row.archived)
          .map(([, { externalId, stamp_ms }]): RowStamp => ({ externalId, stamp_ms }))
          .sort((a, b) => a.externalId.length - b.externalId.length || (a.externalId < b.externalId ? -1 : 1));
        const from = after === undefined ? 0 : rows.findIndex((row) => Number(row.externalId) > Number(after));
        const page = from < 0 ? [] : rows.slice(from, from + 2);
        return { rows: page, next: from >= 0 && rows.length > from + 2 ? page.at(-1)?.externalId : undefined };
      },
      changedSince: async (object: string, since: { stamp_ms: number; id: string }) => {
        this.walks.push({ object, ...since });
        const rows = [...this.rows]
          .filter(([key]) => key.startsWith(`${object}:`))
          .map(([, { externalId, stamp_ms }]): RowStamp => ({ externalId, stamp_ms }))
          .filter(
            (row) => row.stamp_ms > since.stamp_ms || (row.stamp_ms === since.stamp_ms && row.externalId > since.id),
          )
          .sort((a, b) => a.stamp_ms - b.stamp_ms || (a.externalId < b.externalId ? -1 : 1));
        return { rows: rows.slice(0, 2), more: rows.length > 2 };
      },
      people: async () => [],
      list: async (object: string) => ({
        rows: [...this.rows]
          .filter(([key]) => key.startsWith(`${object}:`))
          .map(([, { externalId, stamp_ms }]): RowStamp => ({ externalId, stamp_ms })),
        next: undefined,
      }),
      write: async (object: string, _idField: string, rows: readonly RowWrite[]) =>
        rows.map(({ externalId, fields }): RowOutcome => {
          const id = externalId ?? `made-${this.rows.size}`;
          const before = this.rows.get(`${object}:${id}`)?.fields;
          this.put(object, id, { ...before, ...fields }, { author: { kind: 'rapport', userId: null } });
          this.writes.push({ object, externalId: id, fields });
          return { status: 'ok', externalId: id, row: null };
        }),
    } as unknown as CrmApi;
    const silent = (): void => undefined;
    this.deps = {
      store,
      bell: { ring: async () => undefined },
      crm: {
        api: async () => api,
        describe: async (_, __, object) => this.#describe(object),
        forgetDescriptions: silent,
      },
      mapper: createMapper(loadMappings(join(import.meta.dirname, '..', '..', '..', '..', 'mappings'))),
      clock: this.clock,
      ids: timeOrderedIds(this.clock),
      startedAt_ms: this.clock.now_ms(),
      log: { info: silent, warn: silent, error: silent },
      startRuns: async () => false,
    };
  }

  /** Every mapped field of an object of HubSpot, writable. */
  #describe(object: string): ObjectDescription | undefined {
    const mapping = this.deps.mapper.kindOf('hubspot', object);
    if (!mapping) return undefined;
    const { idField = '' } = mapping.objects.hubspot?.find((one) => one.object === object) ?? {};
    const names = [...this.deps.mapper.fieldsToRead(mapping.kind, 'hubspot', object, true), idField];
    const field = { label: '', required: false, maxLength: null, options: null };
    const shown = names.filter((name) => !this.hidden.has(name));
    const described = shown.map((name) => [name, { ...field, writable: !this.readOnly.has(name) }]);
    return { object, fields: Object.fromEntries(described) };
  }

  #shown(row: VendorRow | undefined): VendorRow | undefined {
    if (!row) return undefined;
    const shown = Object.entries(row.fields).filter(([name]) => !this.hidden.has(name));
    return { ...row, fields: Object.fromEntries(shown) };
  }

  static async open(): Promise<SyncRig & { close(): Promise<void> }> {
    const { appUrl } = await freshDatabase();
    const clock = testClock();
    const store = await openStore({ url: appUrl, keys, clock });
    await store.provisionTenant(tenantNamed('a'));
    return Object.assign(new SyncRig(store, clock), { close: () => store.close() });
  }

  /** Sets a row at the vendor, as of the clock. */
  put(object: string, externalId: string, fields: VendorFields, more: Partial<VendorRow> = {}): void {
    const author = { kind: 'person', userId: '1' } as const;
    const stamp_ms = this.clock.now_ms();
    this.rows.set(`${object}:${externalId}`, { externalId, fields, stamp_ms, archived: false, author, ...more });
  }

  /** A hint for each row, of a deletion where it is not there, then one batch; passes a second. */
  async observe(object: string, ...externalIds: string[]): Promise<void> {
    await this.hint(object, ...externalIds);
    await observeBatch(this.deps, address);
    this.clock.set(this.clock.now_ms() + 1_000);
  }

  async hint(object: string, ...externalIds: string[]): Promise<void> {
    const events = externalIds.map((externalId): VendorEvent => {
      const author = { kind: 'person', userId: '1' } as const;
      const key = `event-${(this.#events += 1)}`;
      const seen = { values: {}, occurredAt_ms: this.clock.now_ms(), author, own: false };
      const change = this.rows.has(`${object}:${externalId}`) ? 'created' : 'deleted';
      return { key, object, externalId, change, lane: 'event', ...seen };
    });
    await this.deps.store.receive([{ tenantId: 'a', installationId: 'hs', events }]);
  }

  /** The record of a row gets other values at Salesforce, and the row is to be written. Answers the record's id. */
  async changeHere(object: string, externalId: string, fields: Fields, at_ms = this.clock.now_ms()): Promise<string> {
    const link = await this.link(object, externalId);
    if (!link) throw new Error(`no link to ${object} ${externalId}`);
    await this.tx(async (tx) => {
      const [record] = await tx.lockRecords([link.recordId]);
      if (!record) throw new Error(`no record ${link.recordId}`);
      const changed = Object.keys(fields).map((name) => [name, { at_ms, side: 'salesforce' }] as const);
      const stamps = { ...record.stamps, ...Object.fromEntries(changed) };
      await tx.saveRecords([{ record: { ...record, fields: { ...record.fields, ...fields }, stamps }, matchKeys: [] }]);
      await tx.saveLinks([{ ...link, deliverAt_ms: this.clock.now_ms() }]);
    });
    return link.recordId;
  }

  tx<T>(work: (tx: TenantTx) => Promise<T>): Promise<T> {
    return this.deps.store.tenant('a', work);
  }

  async link(object: string, externalId: string): Promise<Link | undefined> {
    return (await this.tx((tx) => tx.linksByExternalId('hs', object, [externalId])))[0];
  }

  parked(object: string, ...externalIds: string[]): Promise<Parked[]> {
    return this.tx((tx) => tx.parkedAt('hs', object, externalIds));
  }

  /** Hints that are not finished, postponed ones too. */
  waiting(): Promise<number> {
    return this.tx((tx) => tx.countWaitingInbox());
  }
}

export { start_ms };
