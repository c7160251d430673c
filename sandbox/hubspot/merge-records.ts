import type { Actor } from './actor.ts';
import { associationRule, type AssociationLabel } from './association-types.ts';
import { HubspotError, validationError } from './errors.ts';
import { companies, contacts, isMergeable, type ObjectType } from './object-types.ts';
import { historyOf, type CrmRecord, type HistoryEntry } from './record.ts';
import { livePeers } from './record-view.ts';
import { keptHistory } from './record-writer.ts';
import { lifecycleStages } from './standard-properties.ts';
import type { HubspotState } from './state.ts';

/** HubSpot knowledge base, merge records: not possible beyond a combined 250 merges. */
const mostMerges = 250;

/**
 * Merges two records into a third with a new id, for contacts, companies, deals and custom objects alike (HubSpot changelog,
 * "Updated merge functionality for contacts and companies" and "Deals now support merging"): both old ids answer with the new
 * record, the primary's values stand and the secondary's fill its blanks, associations come over, of two primary companies the
 * primary's stays. Webhooks: one merge, and a deletion of the secondary; none for what the merge changed in properties (public
 * threads of integrators) or associations (not documented; silence is the harder case).
 */
export function mergeRecords(
  state: HubspotState,
  actor: Actor,
  type: ObjectType,
  primary: CrmRecord,
  secondary: CrmRecord,
): CrmRecord {
  if (!isMergeable(type)) throw validationError(`Objects of type ${type.name} cannot be merged`);
  if (primary.id === secondary.id) throw validationError('Cannot merge an object with itself');
  const at_ms = state.context.clock.now_ms();
  const merged = mergedIds(primary, secondary);
  if (merged.length > mostMerges) throw new HubspotError(414, 'VALIDATION_ERROR', 'Too many merges of these records');
  const properties = mergedProperties(type, primary, secondary);
  properties['hs_merged_object_ids'] = merged.join(';');
  if (type.typeId === contacts.typeId) properties['hs_calculated_merged_vids'] = mergedVids(primary, secondary, at_ms);
  const peers = peersOf(state, type, primary, secondary);
  const survivor: CrmRecord = {
    portalId: actor.portalId,
    typeId: type.typeId,
    id: state.records.nextId(actor.portalId, type.typeId),
    properties,
    history: mergedHistory(actor, primary, secondary, properties, at_ms),
    createdAt_ms: Math.min(primary.createdAt_ms, secondary.createdAt_ms),
    createdBy: primary.createdBy,
    updatedAt_ms: at_ms,
  };
  for (const old of [primary, secondary]) {
    state.write.store(old, { ...old, archivedAt_ms: at_ms, mergedInto: survivor.id }, type);
  }
  state.write.store(undefined, survivor, type);
  for (const { to, id, labels } of peers) state.associate.carry(actor, { from: type, to }, survivor.id, id, labels);
  const moved = Object.keys(secondary.properties).filter((name) => primary.properties[name] === undefined);
  const told = { portalId: actor.portalId, at_ms, source: actor.source, type };
  state.write.tell({ ...told, kind: 'deletion', id: secondary.id });
  state.write.tell({
    ...told,
    kind: 'merge',
    id: primary.id,
    mergedIds: [secondary.id],
    newId: survivor.id,
    propertiesMoved: moved.length,
  });
  return survivor;
}

/** All ids that end in this record, its two last ones included. */
function mergedIds(primary: CrmRecord, secondary: CrmRecord): string[] {
  return [primary, secondary].flatMap((one) => [...listed(one.properties['hs_merged_object_ids']), one.id]);
}

/** `id:epoch milliseconds` of each merge (dbt_hubspot #46 splits it so). */
function mergedVids(primary: CrmRecord, secondary: CrmRecord, at_ms: number): string {
  const before = [primary, secondary].flatMap((one) => listed(one.properties['hs_calculated_merged_vids']));
  return [...before, `${primary.id}:${at_ms}`, `${secondary.id}:${at_ms}`].join(';');
}

const listed = (value: string | undefined): string[] => (value ?? '').split(';').filter(Boolean);

/** HubSpot knowledge base, merge records: the exceptions are e-mail, domain and the lifecycle stage that is furthest. */
function mergedProperties(type: ObjectType, primary: CrmRecord, secondary: CrmRecord): Record<string, string> {
  const merged = { ...secondary.properties, ...primary.properties };
  const keepAll = (main: string, others: string): void => {
    const all = [primary, secondary].flatMap((one) => [one.properties[main] ?? '', ...listed(one.properties[others])]);
    const rest = [...new Set(all)].filter((value) => value !== '' && value !== merged[main]);
    if (rest.length > 0) merged[others] = rest.join(';');
  };
  if (type.typeId === contacts.typeId) keepAll('email', 'hs_additional_emails');
  if (type.typeId === companies.typeId) keepAll('domain', 'hs_additional_domains');
  const stages = [primary, secondary].flatMap((one) => one.properties['lifecyclestage'] ?? []);
  const furthest = stages.sort((a, b) => lifecycleStages.indexOf(b) - lifecycleStages.indexOf(a))[0];
  if (furthest !== undefined) merged['lifecyclestage'] = furthest;
  return merged;
}

/** "Property values from both objects will still be merged onto the new object" (the changelog); the value that stands is last. */
function mergedHistory(
  actor: Actor,
  primary: CrmRecord,
  secondary: CrmRecord,
  properties: Readonly<Record<string, string>>,
  at_ms: number,
): Record<string, HistoryEntry[]> {
  return Object.fromEntries(
    Object.entries(properties).map(([name, value]) => {
      const both = [secondary, primary].flatMap((one) => historyOf(one, name)).sort((a, b) => a.at_ms - b.at_ms);
      const stands = both.at(-1)?.value === value;
      const entry = { value, at_ms, source: { ...actor.source, changeSource: 'MERGE_OBJECTS' } };
      return [name, (stands ? both : [...both, entry]).slice(-keptHistory)];
    }),
  );
}

interface Peer {
  to: ObjectType;
  id: string;
  labels: readonly AssociationLabel[];
}

/** The associations of both, the primary's first. A primary company of the secondary loses its mark where there is one already. */
function peersOf(state: HubspotState, type: ObjectType, primary: CrmRecord, secondary: CrmRecord): Peer[] {
  return state.portals.types(primary.portalId).flatMap((to) => {
    const mark = associationRule(type, to)?.primary?.typeId;
    const own = livePeers(state, primary, to).filter(([id]) => id !== secondary.id || to.typeId !== type.typeId);
    // One record has one primary company; one company is that of many.
    const marked =
      to.typeId === companies.typeId && own.some(([, labels]) => labels.some((label) => label.typeId === mark));
    const others = livePeers(state, secondary, to)
      .filter(([id]) => id !== primary.id || to.typeId !== type.typeId)
      .map(([id, labels]): Peer => ({
        to,
        id,
        labels: marked ? labels.filter((label) => label.typeId !== mark) : labels,
      }));
    return [...own.map(([id, labels]): Peer => ({ to, id, labels })), ...others];
  });
}
