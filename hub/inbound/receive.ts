import type { Vendor } from '../../protocol/nouns.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { InboxBatch, Store } from '../../protocol/ports/store.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';

export interface ReceiveDeps {
  store: Store;
  bell: Bell;
  mapper: Mapper;
}

export interface Received {
  stored: number;
  /** Events of accounts that nobody connected, kept unrouted. */
  unrouted: number;
}

/**
 * The one door for observed changes of a vendor's accounts. Durable when it resolves. Values of properties that are not
 * mapped are dropped here: they reach no table, log or queue. Events of unknown accounts are kept without their values.
 * A door that is called often hands in its own `names`, looked up once.
 */
export async function receive(
  deps: ReceiveDeps,
  vendor: Vendor,
  events: readonly { accountId: string; event: VendorEvent }[],
  names: MappedNames = mappedNames(deps.mapper, vendor),
): Promise<Received> {
  const batches: InboxBatch[] = [];
  let unrouted = 0;
  for (const [accountId, group] of Map.groupBy(events, (one) => one.accountId)) {
    const route = await deps.store.route(vendor, accountId);
    if (!route) {
      unrouted += group.length;
      const kept = group.map(({ event }) => ({ ...event, values: {} }));
      await deps.store.keepUnrouted({
        vendor,
        accountId,
        reason: 'unknown_account',
        body: Buffer.from(JSON.stringify(kept)),
      });
      continue;
    }
    const mapped = group.flatMap(({ event }) => mappedOnly(names, event) ?? []);
    if (mapped.length > 0) batches.push({ ...route, events: mapped });
  }
  if (batches.length > 0) {
    await deps.store.receive(batches);
    await deps.bell.ring(
      batches.map(({ tenantId, installationId }) => ({ tenantId, installationId, lane: 'observe' as const })),
    );
  }
  return { stored: batches.reduce((sum, batch) => sum + batch.events.length, 0), unrouted };
}

/** The fields that a mapping names, by object; undefined for an object that none does. */
export type MappedNames = (object: string) => ReadonlySet<string> | undefined;

/** Looks up each object once. */
export function mappedNames(mapper: Mapper, vendor: Vendor): MappedNames {
  const known = new Map<string, ReadonlySet<string> | undefined>();
  return (object) => {
    if (!known.has(object)) {
      const kind = mapper.kindOf(vendor, object)?.kind;
      known.set(object, kind && new Set(mapper.fieldsToRead(kind, vendor, object, true)));
    }
    return known.get(object);
  };
}

/** The event with mapped values only; undefined for an object, or a change of a property, that no mapping names. */
export function mappedOnly(namesOf: MappedNames, event: VendorEvent): VendorEvent | undefined {
  const names = namesOf(event.object);
  if (names === undefined) return undefined;
  const told = Object.entries(event.values);
  const mapped = told.filter(([name]) => names.has(name));
  if (mapped.length === told.length) return event;
  if (mapped.length === 0 && event.change === 'updated') return undefined;
  return { ...event, values: Object.fromEntries(mapped) };
}
