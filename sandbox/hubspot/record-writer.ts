import type { Clock } from '../kit/clock.ts';
import type { Faults } from '../kit/faults.ts';
import type { Actor } from './actor.ts';
import type { Change, ChangeSink } from './change.ts';
import { readEmailHeaders, withDerived } from './derived-properties.ts';
import { HubspotError, notFound, validationError, type ErrorDetail } from './errors.ts';
import { contacts, deals, type ObjectType } from './object-types.ts';
import type { PortalStore } from './portal-store.ts';
import type { PropertyStore } from './property-store.ts';
import { parseValue } from './property-values.ts';
import { historyOf, type CrmRecord } from './record.ts';
import type { RecordStore } from './record-store.ts';
import type { SearchIndex } from './search-index.ts';

export interface WriterParts {
  clock: Clock;
  faults: Faults;
  portals: PortalStore;
  properties: PropertyStore;
  records: RecordStore;
  index: SearchIndex;
  publish: ChangeSink;
}

/** A checked write that cannot fail any more. '' clears a property. */
export interface Plan {
  type: ObjectType;
  before: CrmRecord | undefined;
  values: Record<string, string>;
}

/** HubSpot keeps the last 20 values of a property of most objects (45 for contacts); the smaller number is kept here. */
export const keptHistory = 20;

const restorableFor_ms = 90 * 86_400_000;

/** Checks and makes every change of a record; all other code only reads. */
export class RecordWriter {
  readonly #parts: WriterParts;

  constructor(parts: WriterParts) {
    this.#parts = parts;
  }

  /**
   * Checks one write. `claimed` holds the unique values taken by earlier inputs of the same batch; this one's are added.
   * Throws HubSpot's own error for the first problem that is not about values, or one error for all values refused.
   */
  plan(
    actor: Actor,
    type: ObjectType,
    before: CrmRecord | undefined,
    given: Readonly<Record<string, string>>,
    claimed: Set<string>,
  ): Plan {
    const values = this.#parse(actor, type, before, this.#withoutIgnored(actor, type, given));
    const absent = before ? [] : type.requiredProperties.filter((name) => !values[name]);
    if (absent.length > 0) throw missingValues(type, absent);
    for (const property of this.#parts.properties.unique(actor.portalId, type)) {
      const value = values[property];
      if (value) this.#claim(actor, type, before, property, value, claimed);
    }
    return { type, before, values };
  }

  commit(actor: Actor, plan: Plan): CrmRecord {
    return plan.before ? this.#update(actor, plan, plan.before) : this.#create(actor, plan);
  }

  archive(actor: Actor, type: ObjectType, record: CrmRecord): void {
    const at_ms = this.#parts.clock.now_ms();
    this.store(record, { ...record, archivedAt_ms: at_ms, updatedAt_ms: at_ms }, type);
    this.#parts.publish({ kind: 'deletion', ...this.#base(actor, at_ms), type, id: record.id });
  }

  /**
   * Takes a record out of the recycle bin. Refused after 90 days (HubSpot knowledge base, restore deleted records), and while
   * another record has a value that must be unique (from memory: the page offers no restore then).
   */
  restore(actor: Actor, type: ObjectType, record: CrmRecord): void {
    if (this.#parts.clock.now_ms() - (record.archivedAt_ms ?? 0) > restorableFor_ms) throw notFound();
    for (const property of this.#parts.properties.unique(actor.portalId, type)) {
      const value = record.properties[property];
      const holder = value && this.#parts.records.findUnique(actor.portalId, type.typeId, property, value);
      if (holder) throw this.#conflict(actor, type, record, property, value, holder);
    }
    const { archivedAt_ms: _gone, ...rest } = record;
    const at_ms = this.#parts.clock.now_ms();
    this.store(record, { ...rest, updatedAt_ms: at_ms }, type);
    this.#parts.publish({ kind: 'restore', ...this.#base(actor, at_ms), type, id: record.id });
  }

  /**
   * HubSpot docs, GDPR delete: the contact is gone for good, and apps hear `contact.privacyDeletion`, and an ordinary deletion
   * beside it (HubSpot changelog, "Webhooks now support privacy-compliant contact deletions").
   */
  forget(actor: Actor, type: ObjectType, record: CrmRecord): void {
    this.#parts.records.erase(record);
    const base = this.#base(actor, this.#parts.clock.now_ms());
    if (record.archivedAt_ms === undefined) this.#parts.publish({ kind: 'deletion', ...base, type, id: record.id });
    this.#parts.publish({ kind: 'privacyDeletion', ...base, type, id: record.id });
  }

  /** Tells of a change that a merge made. */
  tell(change: Change): void {
    this.#parts.publish(change);
  }

  #create(actor: Actor, plan: Plan): CrmRecord {
    const at_ms = this.#parts.clock.now_ms();
    const { type, values } = plan;
    const set = Object.entries(values).filter(([, value]) => value !== '');
    const record: CrmRecord = {
      portalId: actor.portalId,
      typeId: type.typeId,
      id: this.#parts.records.nextId(actor.portalId, type.typeId),
      properties: withDerived(type, Object.fromEntries(set), at_ms),
      history: {},
      createdAt_ms: at_ms,
      createdBy: actor.source,
      updatedAt_ms: at_ms,
    };
    this.store(undefined, record, type);
    const base = this.#base(actor, at_ms);
    this.#parts.publish({ kind: 'creation', ...base, type, id: record.id });
    for (const [property, value] of set) {
      this.#parts.publish({ kind: 'propertyChange', ...base, type, id: record.id, property, value });
    }
    return record;
  }

  #update(actor: Actor, plan: Plan, before: CrmRecord): CrmRecord {
    const changed = Object.entries(plan.values).filter(([name, value]) => (before.properties[name] ?? '') !== value);
    if (changed.length === 0) return before;
    const at_ms = this.#parts.clock.now_ms();
    const properties = { ...before.properties };
    const history = { ...before.history };
    for (const [name, value] of changed) {
      history[name] = [...historyOf(before, name), { value, at_ms, source: actor.source }].slice(-keptHistory);
      if (value === '') delete properties[name];
      else properties[name] = value;
    }
    const after = { ...before, properties: withDerived(plan.type, properties, at_ms), history, updatedAt_ms: at_ms };
    this.store(before, after, plan.type);
    const base = this.#base(actor, at_ms);
    for (const [property, value] of changed) {
      this.#parts.publish({ kind: 'propertyChange', ...base, type: plan.type, id: before.id, property, value });
    }
    return after;
  }

  /** Keeps a version of a record; search sees it after its lag. */
  store(before: CrmRecord | undefined, after: CrmRecord, type: ObjectType): void {
    const { faults, portals, index, records } = this.#parts;
    const slow = faults.take('search.lag', { type: type.name, portalId: String(after.portalId) });
    index.changed(before, after, Number(slow?.params['lag_ms'] ?? portals.settings.searchLag_ms));
    records.put(after);
  }

  #base(actor: Actor, at_ms: number): Pick<Parameters<ChangeSink>[0], 'portalId' | 'at_ms' | 'source'> {
    return { portalId: actor.portalId, at_ms, source: actor.source };
  }

  #withoutIgnored(actor: Actor, type: ObjectType, given: Readonly<Record<string, string>>): Record<string, string> {
    const { faults } = this.#parts;
    if (actor.kind === 'person' || !faults.list().some((one) => one.name === 'api.accept_but_ignore')) return given;
    return Object.fromEntries(
      Object.entries(given).filter(([property]) => {
        const facts = { property, type: type.name, portalId: String(actor.portalId) };
        return !faults.take('api.accept_but_ignore', facts);
      }),
    );
  }

  #parse(
    actor: Actor,
    type: ObjectType,
    before: CrmRecord | undefined,
    given: Readonly<Record<string, string>>,
  ): Record<string, string> {
    const { properties } = this.#parts;
    const isDeal = type.typeId === deals.typeId;
    const pipeline = given['pipeline'] ?? before?.properties['pipeline'] ?? 'default';
    const external = properties.external(actor.portalId, isDeal ? pipeline : undefined);
    const values: Record<string, string> = {};
    const refused: { name: string; code: string; message: string }[] = [];
    for (const [name, value] of Object.entries(given)) {
      const definition = properties.get(actor.portalId, type, name);
      if (!definition) {
        refused.push({ name, code: 'PROPERTY_DOESNT_EXIST', message: `Property "${name}" does not exist` });
        continue;
      }
      const parsed = parseValue(definition, value, external);
      if ('refusal' in parsed) refused.push({ name, ...parsed.refusal });
      else values[name] = parsed.value;
    }
    if (refused.length > 0) throw invalidValues(actor.portalId, refused);
    if (values['hs_email_headers']) readEmailHeaders(values['hs_email_headers']);
    if (isDeal && values['dealstage'] && !before?.properties['pipeline']) values['pipeline'] ??= 'default';
    return values;
  }

  #claim(
    actor: Actor,
    type: ObjectType,
    before: CrmRecord | undefined,
    property: string,
    value: string,
    claimed: Set<string>,
  ): void {
    const { records } = this.#parts;
    const holder = records.findUnique(actor.portalId, type.typeId, property, value);
    const mark = `${property}\n${value.toLowerCase()}`;
    if (holder !== undefined && holder !== before?.id)
      throw this.#conflict(actor, type, before, property, value, holder);
    if (claimed.has(mark)) throw validationError(`Duplicate ${property} found in batch input: [${value}].`);
    claimed.add(mark);
  }

  /**
   * A contact's e-mail that exists is 409 on create. Any other taken value is 400 and names two ids, of which the second holds
   * it (recorded answers in public issue threads: "Cannot set PropertyValueCoordinates{...} on 1. 2 already has that value.").
   */
  #conflict(
    actor: Actor,
    type: ObjectType,
    before: CrmRecord | undefined,
    property: string,
    value: string,
    holder: string,
  ): HubspotError {
    if (type.typeId === contacts.typeId && property === 'email' && !before) {
      return new HubspotError(409, 'CONFLICT', `Contact already exists. Existing ID: ${holder}`);
    }
    const target = before?.id ?? this.#parts.records.nextId(actor.portalId, type.typeId);
    const typeText = type.custom
      ? type.typeId
      : `ObjectTypeId{legacyObjectType=${type.singular.toUpperCase().replaceAll(' ', '_')}}`;
    const coordinates = `portalId=${actor.portalId}, objectTypeId=${typeText}, propertyName=${property}, value=${value}`;
    return validationError(
      `Cannot set PropertyValueCoordinates{${coordinates}} on ${target}. ${holder} already has that value.`,
    );
  }
}

function missingValues(type: ObjectType, absent: string[]): HubspotError {
  const message = `Error creating ${type.singular.toUpperCase()}. Some required properties were not set.`;
  return validationError(message, [{ message, code: 'REQUIRED_FIELD', context: { properties: absent } }]);
}

/** HubSpot packs all refused values into the message as JSON, and lists them in `errors`. */
function invalidValues(portalId: number, refused: { name: string; code: string; message: string }[]): HubspotError {
  const packed = refused.map(({ name, code, message }) => {
    return { isValid: false, message, error: code, name, localizedErrorMessage: message, portalId };
  });
  const errors: ErrorDetail[] = refused.map(({ name, code, message }) => {
    return { message, code, context: { propertyName: [name] } };
  });
  return validationError(`Property values were not valid: ${JSON.stringify(packed)}`, errors);
}
