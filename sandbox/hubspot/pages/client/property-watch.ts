import type { PropertiesCallback } from '../../../builders/hubspot/host/page-contract.ts';

type Values = Record<string, string | null>;

interface Subscription {
  names: ReadonlySet<string>;
  callback: PropertiesCallback;
}

/**
 * A card's subscriptions to the properties of its record, as HubSpot offers them (UI extensions SDK, actions,
 * onCrmPropertiesUpdate): each callback gets its properties' values when one of them changes on the page. There is no end
 * of a subscription but that of the page.
 */
export class PropertyWatch {
  readonly #known: ReadonlySet<string>;
  readonly #subscriptions: Subscription[] = [];

  /** `known` are the names of all properties of the record's kind. */
  constructor(known: ReadonlySet<string>) {
    this.#known = known;
  }

  /** All names that somebody watches. */
  get names(): string[] {
    return [...new Set(this.#subscriptions.flatMap(({ names }) => [...names]))];
  }

  subscribe(properties: readonly string[] | '*', callback: PropertiesCallback): void {
    const wanted = properties === '*' ? [...this.#known] : properties;
    const unknown = wanted.filter((name) => !this.#known.has(name));
    if (unknown.length > 0) callback({}, { message: `The record has no property ${unknown.join(', ')}.` });
    this.#subscriptions.push({ names: new Set(wanted.filter((name) => this.#known.has(name))), callback });
  }

  /** Calls whoever watches a property that is not what it was. A property read for the first time has not changed. */
  tell(before: Values, after: Values): void {
    const changed = Object.keys(after).filter((name) => name in before && before[name] !== after[name]);
    for (const { names, callback } of this.#subscriptions) {
      if (!changed.some((name) => names.has(name))) continue;
      callback(Object.fromEntries([...names].map((name) => [name, after[name] ?? ''])));
    }
  }
}
