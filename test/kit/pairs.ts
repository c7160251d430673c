import assert from 'node:assert/strict';
import { objectOf } from './crm-objects.ts';
import { eventually } from './eventually.ts';
import type { House } from './house.ts';

/** One record of tenant a and its row in each CRM. */
export interface Pair {
  recordId: string;
  hubspot: string;
  salesforce: string;
}

type Kind = keyof typeof objectOf;

/** Every record of a kind that is in both CRMs, in a stable order. */
export async function pairs(house: House, kind: Kind): Promise<Pair[]> {
  return house.sql<Pair>(
    `select r.id as "recordId", h.external_id as hubspot, s.external_id as salesforce from record r
     join link h on h.record_id = r.id and h.state = 'live' and h.object = $2 and h.external_id is not null
     join link s on s.record_id = r.id and s.state = 'live' and s.object = $3 and s.external_id is not null
     where r.kind = $1 and r.deleted_at_ms is null order by h.external_id`,
    [kind, objectOf[kind].hubspot, objectOf[kind].salesforce],
  );
}

/** Hands out seeded pairs, each once, so that tests of one house do not meet on a record. */
export class PairSupply {
  readonly #house: () => House;
  readonly #left = new Map<Kind, Pair[]>();

  constructor(house: () => House) {
    this.#house = house;
  }

  async take(kind: Kind): Promise<Pair> {
    const left = this.#left.get(kind) ?? (await pairs(this.#house(), kind));
    this.#left.set(kind, left);
    const pair = left.shift();
    assert.ok(pair, `no ${kind} is left that is in both CRMs`);
    return pair;
  }

  async takeAll(kind: Kind, count: number): Promise<Pair[]> {
    const taken: Pair[] = [];
    for (let index = 0; index < count; index += 1) taken.push(await this.take(kind));
    return taken;
  }
}

/** Waits until a row of one CRM is linked, and answers the record with both rows. */
export async function pairOf(house: House, kind: Kind, row: Partial<Pair>, within_ms?: number): Promise<Pair> {
  return eventually(async () => {
    const found = (await pairs(house, kind)).filter(
      (pair) => pair.hubspot === row.hubspot || pair.salesforce === row.salesforce,
    );
    assert.equal(found.length, 1, `${kind} is in both CRMs`);
    return found[0] as Pair;
  }, within_ms);
}
