import type { WorldCompany, WorldContact, WorldDeal, WorldMail, WorldTask, WorldTenant } from '../seed/world.ts';
import { associationRule, inverse } from './association-types.ts';
import { withDerived } from './derived-properties.ts';
import { companies, contacts, deals, emails, tasks, type ObjectType } from './object-types.ts';
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

/** Adds one portal's rows and remembers which record stands for which row of the world. */
export class Filler {
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
      });
      this.#link(deals, id, companies, row.companyKey, true);
      for (const key of row.contactKeys) this.#link(deals, id, contacts, key, false);
    }
  }

  addMail(row: WorldMail, tenant: WorldTenant): void {
    if (row.presence.hubspot === 0) return;
    const client = tenant.contacts.find((one) => one.key === row.contactKey);
    const rep = tenant.people.find((one) => one.key === row.ownerKey);
    const [from, to] = row.incoming ? [client, rep] : [rep, client];
    const named = (one: typeof from) => ({ email: one?.email, firstName: one?.firstName, lastName: one?.lastName });
    const id = this.#add(emails, row.key, row.ownerKey, {
      hs_timestamp: String(Date.parse(row.sentAt)),
      hs_email_subject: row.subject,
      hs_email_text: row.text,
      hs_email_direction: row.incoming ? 'INCOMING_EMAIL' : 'EMAIL',
      hs_email_status: 'SENT',
      hs_email_message_id: row.messageId,
      hs_email_headers: JSON.stringify({ from: named(from), to: [named(to)], cc: [], bcc: [] }),
    });
    this.#link(emails, id, deals, row.dealKey, false);
    this.#link(emails, id, contacts, row.contactKey, false);
  }

  addTask(row: WorldTask): void {
    if (row.presence.hubspot === 0) return;
    const id = this.#add(tasks, row.key, row.ownerKey, {
      hs_timestamp: String(Date.parse(row.dueDate)),
      hs_task_subject: row.subject,
      hs_task_status: 'NOT_STARTED',
      hs_task_priority: 'MEDIUM',
      hs_task_type: 'TODO',
    });
    this.#link(tasks, id, deals, row.dealKey, false);
  }

  #add(type: ObjectType, key: string | undefined, ownerKey: string, values: Record<string, string>): string {
    const id = this.#state.records.nextId(this.#portalId, type.typeId);
    const filled = Object.fromEntries(
      Object.entries({ ...values, hubspot_owner_id: this.#owners.get(ownerKey) ?? '' }).filter(
        ([, value]) => value !== '',
      ),
    );
    const at_ms = this.#state.context.clock.now_ms() - 30 * day_ms + this.#step * 1000;
    this.#step += 1;
    const record: CrmRecord = {
      portalId: this.#portalId,
      typeId: type.typeId,
      id,
      properties: withDerived(type, filled, at_ms),
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
