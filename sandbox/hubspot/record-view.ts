import { associationName } from './association-types.ts';
import type { ObjectType } from './object-types.ts';
import { instant, renderValue } from './property-values.ts';
import { historyOf, type CrmRecord } from './record.ts';
import type { HubspotState } from './state.ts';

/** Which parts of a record an answer shows. */
export interface Selection {
  /** Undefined: the kind's default properties. Names that do not exist are ignored, as HubSpot does on reads. */
  properties?: readonly string[] | undefined;
  history?: readonly string[];
  /** Kinds of object whose associations are listed. */
  associations?: readonly ObjectType[];
}

/** The `SimplePublicObjectWithAssociations` schema: all values are strings, null where empty. */
export function renderRecord(
  state: HubspotState,
  type: ObjectType,
  record: CrmRecord,
  selection: Selection = {},
): Record<string, unknown> {
  const named = selection.properties?.length ? selection.properties : type.defaultProperties;
  const names = new Set([...named, 'hs_object_id', type.createdProperty, type.modifiedProperty]);
  const definitions = state.properties.of(record.portalId, type);
  const properties: Record<string, string | null> = {};
  for (const name of names) {
    if (!definitions.has(name)) continue;
    const value = valueOf(type, record, name);
    properties[name] = value === undefined ? null : renderValue(definitions.get(name), value);
  }
  return {
    id: record.id,
    properties,
    createdAt: instant(record.createdAt_ms),
    updatedAt: instant(record.updatedAt_ms),
    archived: record.archivedAt_ms !== undefined,
    ...(record.archivedAt_ms !== undefined && { archivedAt: instant(record.archivedAt_ms) }),
    ...(selection.history?.length && { propertiesWithHistory: renderHistory(state, type, record, selection.history) }),
    ...renderAssociations(state, type, record, selection.associations ?? []),
  };
}

/** A property's canonical value, also of those that HubSpot keeps itself. */
export function valueOf(type: ObjectType, record: CrmRecord, name: string): string | undefined {
  if (name === 'hs_object_id') return record.id;
  if (name === type.createdProperty) return String(record.createdAt_ms);
  if (name === type.modifiedProperty) return String(record.updatedAt_ms);
  return record.properties[name];
}

function renderHistory(
  state: HubspotState,
  type: ObjectType,
  record: CrmRecord,
  names: readonly string[],
): Record<string, unknown> {
  const definitions = state.properties.of(record.portalId, type);
  const shown = names.filter((name) => definitions.has(name));
  return Object.fromEntries(
    shown.map((name) => [
      name,
      historyOf(record, name)
        .toReversed()
        .map(({ value, at_ms, source }) => {
          return {
            value: value === '' ? '' : renderValue(definitions.get(name), value),
            timestamp: instant(at_ms),
            sourceType: source.changeSource,
            sourceId: source.sourceId,
            ...(source.userId !== undefined && { updatedByUserId: source.userId }),
          };
        }),
    ]),
  );
}

/** Nothing where there are none. Keyed by the plural name; a primary company is listed under both of its types. Archived peers are not shown. */
function renderAssociations(
  state: HubspotState,
  type: ObjectType,
  record: CrmRecord,
  kinds: readonly ObjectType[],
): Record<string, unknown> {
  const shown: Record<string, unknown> = {};
  for (const to of kinds) {
    const results = livePeers(state, record, to).flatMap(([id, labels]) =>
      labels.map((label) => {
        return { id, type: state.labels.find(record.portalId, label)?.name ?? associationName(label, type, to) };
      }),
    );
    if (results.length > 0) shown[to.name] = { results };
  }
  return Object.keys(shown).length > 0 ? { associations: shown } : {};
}

/** Associated records of one kind that are not archived, with their labels. */
export function livePeers(
  state: HubspotState,
  record: CrmRecord,
  to: ObjectType,
): ReturnType<HubspotState['associations']['peers']> {
  const { portalId, typeId, id } = record;
  return state.associations.peers(portalId, { typeId, id }, to.typeId).filter(([peer]) => {
    const other = state.records.get(portalId, to.typeId, peer);
    return other !== undefined && other.archivedAt_ms === undefined;
  });
}
