import type { VendorFields } from '../../protocol/fields.ts';
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
 */
export async function receive(
  deps: ReceiveDeps,
  vendor: Vendor,
  events: readonly { accountId: string; event: VendorEvent }[],
): Promise<Received> {
  const batches: InboxBatch[] = [];
  let unrouted = 0;
  const names = mappedNames(deps.mapper, vendor);
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

/** The fields that a mapping names, by object; undefined for an object that none does. Looked up once for each object. */
export function mappedNames(mapper: Mapper, vendor: Vendor): (object: string) => ReadonlySet<string> | undefined {
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
export function mappedOnly(
  namesOf: (object: string) => ReadonlySet<string> | undefined,
  event: VendorEvent,
): VendorEvent | undefined {
  const names = namesOf(event.object);
  if (names === undefined) return undefined;
  const entries = Object.entries(event.values);
  const values: VendorFields = Object.fromEntries(entries.filter(([name]) => names.has(name)));
  const onlyUnmapped = event.change === 'updated' && entries.length > 0 && Object.keys(values).length === 0;
  return onlyUnmapped ? undefined : { ...event, values };
}
