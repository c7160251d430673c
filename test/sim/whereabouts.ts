import type { SimRow } from './vendors/row.ts';
import type { Place } from './place.ts';

/** Where each record of a script lives: the rows that were made for it, and those that the hub made of them. */
export class Whereabouts {
  readonly #places: readonly Place[];
  readonly #made = new Map<string, Map<number, { object: string; id: string }>>();

  constructor(places: readonly Place[]) {
    this.#places = places;
  }

  put(who: string, account: number, { object, id }: SimRow): void {
    const rows = this.#made.get(who) ?? new Map<number, { object: string; id: string }>();
    this.#made.set(who, rows.set(account, { object, id }));
  }

  /** The record's row at an account; one that the hub made carries the hub's id, as the row does that it was made of. */
  row(who: string, account: number): SimRow | undefined {
    const made = this.#made.get(who);
    const own = made?.get(account);
    if (own) return this.#at(account)?.row(own.object, own.id);
    const hubIds = [...(made ?? [])].flatMap(([at, { object, id }]) => {
      const crm = this.#at(at);
      return crm?.row(object, id)?.fields[crm.flavour.idField] ?? [];
    });
    const crm = this.#at(account);
    if (!crm || hubIds.length === 0) return undefined;
    const rows = [...crm.schema.keys()].flatMap((object) => crm.rows(object));
    const found = rows.find((row) => hubIds.some((id) => id === row.fields[crm.flavour.idField]));
    if (found) made?.set(account, { object: found.object, id: found.id });
    return found;
  }

  #at(account: number): Place['account']['crm'] | undefined {
    return this.#places[account]?.account.crm;
  }
}
