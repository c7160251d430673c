import type { Storage } from '../../kit/storage.ts';
import { recordId } from '../record-id.ts';
import type { Entity } from '../schema/entity.ts';
import type { Schema } from '../schema/schema.ts';
import { RowStore, type Row } from './row-store.ts';

/** Who is who in an org; durable, because ids come from the seed. */
export interface OrgProfile {
  orgId: string;
  name: string;
  integrationUserId: string;
  /** The user that the `person` credentials act as. */
  personUserId: string;
  /** REST calls an app may make in 24 hours. */
  dailyApiRequests: number;
  /** Bulk query jobs that may be made in 24 hours; absent: as many as every org has. */
  dailyBulkQueryJobs?: number;
  /** Whether an admin switched person accounts on. There is no way back. */
  personAccounts?: boolean;
}

/** One org: its objects and their rows. All state lives in the storage; indexes are rebuilt from it. */
export class Org {
  readonly orgId: string;
  readonly #business: Schema;
  readonly #person: Schema;
  readonly #storage: Storage;
  readonly #stores = new Map<string, RowStore>();

  /** `person` are its objects once person accounts are switched on. */
  constructor(orgId: string, schema: Schema, storage: Storage, person: Schema = schema) {
    this.orgId = orgId;
    this.#business = schema;
    this.#person = person;
    this.#storage = storage;
  }

  get schema(): Schema {
    return this.#stored?.personAccounts ? this.#person : this.#business;
  }

  /** Gives accounts and contacts the fields of person accounts. */
  enablePersonAccounts(): void {
    this.profile = { ...this.profile, personAccounts: true };
    this.forget();
  }

  get #stored(): OrgProfile | undefined {
    return this.#storage.collection<OrgProfile>('org').get(this.orgId);
  }

  get profile(): OrgProfile {
    const profile = this.#stored;
    if (!profile) throw new Error(`org ${this.orgId} has no data: call seed() before serving`);
    return profile;
  }

  set profile(profile: OrgProfile) {
    this.#storage.collection<OrgProfile>('org').set(this.orgId, profile);
  }

  get isSeeded(): boolean {
    return this.#stored !== undefined;
  }

  rows(entity: Entity): RowStore {
    let store = this.#stores.get(entity.name);
    if (!store) {
      store = new RowStore(this.#storage.collection<Row>(`row:${this.orgId}:${entity.name}`), entity);
      this.#stores.set(entity.name, store);
    }
    return store;
  }

  /** A row of any object by its 18-character id, deleted or not. */
  row(id: string): Row | undefined {
    const entity = this.schema.entityOfId(id);
    return entity && this.rows(entity).get(id);
  }

  nextId(entity: Entity): string {
    return recordId(entity.keyPrefix, this.#storage.next(`id:${this.orgId}:${entity.keyPrefix}`));
  }

  /** Drops the indexes, after the storage was emptied. */
  forget(): void {
    this.#stores.clear();
  }
}
