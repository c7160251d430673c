/** The believable truth from which each vendor fills itself. Pure data; the same seed gives the same world. */
export interface World {
  seed: number;
  tenants: WorldTenant[];
}

export interface WorldTenant {
  /** 'a' is the first tenant. Both have the same external ids and e-mail addresses, on purpose. */
  key: 'a' | 'b';
  name: string;
  portalId: number;
  /** 18 characters, starts with 00D. */
  orgId: string;
  people: WorldPerson[];
  companies: WorldCompany[];
  contacts: WorldContact[];
  deals: WorldDeal[];
  leads: WorldLead[];
  mails: WorldMail[];
  tasks: WorldTask[];
}

/** A user of the CRMs: a HubSpot owner and a Salesforce user with the same e-mail address. */
export interface WorldPerson {
  key: string;
  firstName: string;
  lastName: string;
  email: string;
  timeZone: string;
  locale: string;
}

/** How many copies of the row each CRM holds. Two in one CRM is a duplicate that matches ambiguously. */
export interface Presence {
  hubspot: 0 | 1 | 2;
  salesforce: 0 | 1 | 2;
}

export interface WorldCompany {
  key: string;
  name: string;
  domain: string;
  industry: string;
  street: string;
  city: string;
  postalCode: string;
  country: string;
  phone: string;
  employees: number;
  annualRevenue: number;
  description: string;
  ownerKey: string;
  presence: Presence;
}

export interface WorldContact {
  key: string;
  companyKey: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  jobTitle: string;
  ownerKey: string;
  presence: Presence;
}

/** HubSpot's stage ids; the Salesforce stand-in has its own names for them. */
export type WorldStage =
  | 'appointmentscheduled'
  | 'qualifiedtobuy'
  | 'presentationscheduled'
  | 'decisionmakerboughtin'
  | 'contractsent'
  | 'closedwon'
  | 'closedlost';

export interface WorldDeal {
  key: string;
  companyKey: string;
  contactKeys: string[];
  name: string;
  /** Whole currency units, at most two decimals. */
  amount: string;
  currency: string;
  stage: WorldStage;
  /** ISO date. */
  closeDate: string;
  nextStep: string;
  ownerKey: string;
  /** ISO instant of the last conversation with the client. */
  lastTouchAt: string;
  presence: Presence;
}

/** A lead in Salesforce. HubSpot has contacts only: some leads are one of them, by e-mail address. */
export interface WorldLead {
  key: string;
  /** The contact who has the same address; absent for a person whom only Salesforce knows. */
  contactKey?: string;
  company: string;
  firstName: string;
  lastName: string;
  email: string;
  phone: string;
  jobTitle: string;
  source: string;
  ownerKey: string;
  /** Was converted into its contact before the app came. */
  converted: boolean;
}

/** An e-mail that was filed under a deal in one CRM or, by both CRMs' inbox plug-ins, in both. */
export interface WorldMail {
  key: string;
  dealKey: string;
  contactKey: string;
  ownerKey: string;
  /** RFC 5322 Message-ID, with its angle brackets; the same wherever the e-mail is filed. */
  messageId: string;
  incoming: boolean;
  subject: string;
  text: string;
  /** ISO instant, always before the deal's last touch. */
  sentAt: string;
  presence: Presence;
}

/** Something to do for a deal. */
export interface WorldTask {
  key: string;
  dealKey: string;
  ownerKey: string;
  subject: string;
  /** ISO date. */
  dueDate: string;
  presence: Presence;
}
