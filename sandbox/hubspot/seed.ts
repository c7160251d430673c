import { portals as seededPortals } from '../seed/credentials.ts';
import type { World, WorldCompany, WorldContact, WorldDeal, WorldTenant } from '../seed/world.ts';
import { associationRule, inverse } from './association-types.ts';
import { companies, contacts, deals, type ObjectType } from './object-types.ts';
import type { CrmRecord, Source } from './record.ts';
import type { HubspotState } from './state.ts';

/** Seeded rows were there before the app: they tell no webhook and are indexed at once. */
const origin: Source = { changeSource: 'CRM_UI', sourceId: 'userId:0' };
const day_ms = 86_400_000;

/** World industries are Salesforce's picklist values; these are HubSpot's for the same. */
const industries: Record<string, string> = {
  Transportation: 'TRANSPORTATION_TRUCKING_RAILROAD',
  Manufacturing: 'MACHINERY',
  Healthcare: 'HOSPITAL_HEALTH_CARE',
  Energy: 'OIL_ENERGY',
  Technology: 'COMPUTER_SOFTWARE',
};

/** What an admin had set up to say who is who in a deal. No seeded contact carries one. */
const roleLabels = ['Decision Maker', 'Influencer'];

/** What the app of a seeded portal was granted: what its project asks, or all this stand-in checks. */
export function grantedScopes(state: HubspotState): string[] {
  const { project } = state;
  if (project) return [...project.requiredScopes, ...project.optionalScopes];
  const kinds = ['contacts', 'companies', 'deals', 'custom'];
  const objects = kinds.flatMap((kind) => [`crm.objects.${kind}.read`, `crm.objects.${kind}.write`]);
  const schemas = kinds.flatMap((kind) => [`crm.schemas.${kind}.read`, `crm.schemas.${kind}.write`]);
  return ['oauth', 'automation', 'crm.objects.owners.read', ...objects, ...schemas];
}

/** Fills an empty storage: both portals with their people, companies, contacts, deals and the app's grant. */
export function seed(state: HubspotState, world: World): void {
  if (state.portals.size > 0) return;
  for (const account of seededPortals) {
    const tenant = world.tenants.find((one) => one.key === account.tenant);
    if (!tenant) continue;
    const { portalId, personToken, refreshToken } = account;
    state.portals.put({ portalId, personToken, installed: true, customObject: false });
    for (const label of roleLabels)
      state.labels.create(
        portalId,
        { from: deals, to: contacts },
        { label, name: label.toLowerCase().replace(' ', '_') },
      );
    seedTenant(state, tenant, portalId);
    const userId = state.portals.owners(portalId)[0]?.userId ?? 0;
    state.tokens.addGrant({ portalId, userId, scopes: grantedScopes(state) }, refreshToken);
  }
}

function seedTenant(state: HubspotState, tenant: WorldTenant, portalId: number): void {
  const now_ms = state.context.clock.now_ms();
  const owners = new Map<string, string>();
  for (const [at, person] of tenant.people.entries()) {
    const id = String(700_001 + at);
    const { email, firstName, lastName } = person;
    state.portals.addOwner({
      portalId,
      id,
      userId: 500_001 + at,
      email,
      firstName,
      lastName,
      createdAt_ms: now_ms - 400 * day_ms,
    });
    owners.set(person.key, id);
  }
  const filler = new Filler(state, portalId, owners);
  for (const company of tenant.companies) filler.addCompany(company);
  for (const contact of tenant.contacts) filler.addContact(contact);
  for (const deal of tenant.deals) filler.addDeal(deal);
}

/** Adds one portal's rows and remembers which record stands for which row of the world. */
class Filler {
  readonly #state: HubspotState;
  readonly #portalId: number;
  readonly #owners: ReadonlyMap<string, string>;
  readonly #ids = new Map<string, string>();
  #step = 0;

  constructor(state: HubspotState, portalId: number, owners: ReadonlyMap<string, string>) {
    this.#state = state;
    this.#portalId = portalId;
    this.#owners = owners;
  }

  addCompany(row: WorldCompany): void {
    for (let copy = 0; copy < row.presence.hubspot; copy += 1) {
      this.#add(companies, copy === 0 ? row.key : undefined, row.ownerKey, {
        name: row.name,
        domain: row.domain,
        industry: industries[row.industry] ?? '',
        address: row.street,
        city: row.city,
        zip: row.postalCode,
        country: row.country,
        phone: row.phone,
        numberofemployees: String(row.employees),
        annualrevenue: String(row.annualRevenue),
        description: row.description,
      });
    }
  }

  /** A second copy cannot have the same e-mail address: HubSpot would not let it exist. */
  addContact(row: WorldContact): void {
    for (let copy = 0; copy < row.presence.hubspot; copy += 1) {
      const id = this.#add(contacts, copy === 0 ? row.key : undefined, row.ownerKey, {
        firstname: row.firstName,
        lastname: row.lastName,
        email: copy === 0 ? row.email.toLowerCase() : '',
        phone: row.phone,
        jobtitle: row.jobTitle,
        lifecyclestage: 'opportunity',
      });
      this.#link(contacts, id, companies, row.companyKey, true);
    }
  }

  addDeal(row: WorldDeal): void {
    for (let copy = 0; copy < row.presence.hubspot; copy += 1) {
      const id = this.#add(deals, copy === 0 ? row.key : undefined, row.ownerKey, {
        dealname: row.name,
        amount: row.amount,
        deal_currency_code: row.currency,
        pipeline: 'default',
        dealstage: row.stage,
        closedate: String(Date.parse(row.closeDate)),
        hs_next_step: row.nextStep,
        dealtype: 'newbusiness',
        notes_last_contacted: String(Date.parse(row.lastTouchAt)),
        hs_is_closed: String(row.stage.startsWith('closed')),
        hs_is_closed_won: String(row.stage === 'closedwon'),
      });
      this.#link(deals, id, companies, row.companyKey, true);
      for (const key of row.contactKeys) this.#link(deals, id, contacts, key, false);
    }
  }

  #add(type: ObjectType, key: string | undefined, ownerKey: string, values: Record<string, string>): string {
    const id = this.#state.records.nextId(this.#portalId, type.typeId);
    const all = { ...values, hubspot_owner_id: this.#owners.get(ownerKey) ?? '' };
    const at_ms = this.#state.context.clock.now_ms() - 30 * day_ms + this.#step * 1000;
    this.#step += 1;
    const record: CrmRecord = {
      portalId: this.#portalId,
      typeId: type.typeId,
      id,
      properties: Object.fromEntries(Object.entries(all).filter(([, value]) => value !== '')),
      history: {},
      createdAt_ms: at_ms,
      createdBy: origin,
      updatedAt_ms: at_ms,
    };
    this.#state.records.put(record);
    if (key !== undefined) this.#ids.set(`${type.typeId}/${key}`, id);
    return id;
  }

  #link(from: ObjectType, id: string, to: ObjectType, key: string, primary: boolean): void {
    const peer = this.#ids.get(`${to.typeId}/${key}`);
    const rule = associationRule(from, to);
    if (peer === undefined || !rule) return;
    const labels = primary && rule.primary ? [rule.plain, rule.primary] : [rule.plain];
    const ends = [
      { typeId: from.typeId, id },
      { typeId: to.typeId, id: peer },
    ] as const;
    this.#state.associations.put(this.#portalId, ends[0], ends[1], labels);
    const back = labels.map((label) => inverse(label, from, to));
    this.#state.associations.put(this.#portalId, ends[1], ends[0], back);
  }
}
