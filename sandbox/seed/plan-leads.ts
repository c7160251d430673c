import type { Random } from '../kit/random.ts';
import { brands } from './brands.ts';
import { mailLocalPart } from './mail-local-part.ts';
import { firstNames, jobTitles, tenantWords } from './words.ts';
import type { WorldContact, WorldLead, WorldTenant } from './world.ts';

const sources = ['Web', 'Phone Inquiry', 'Partner Referral', 'Purchased List'];

/**
 * 12 leads of a tenant: 5 are contacts that only HubSpot has, 2 are contacts of both CRMs (so that the person is a lead and a contact
 * in Salesforce), 1 of those was converted, 4 are people of firms that neither CRM knows. Both tenants have the same addresses.
 */
export function planLeads(tenant: WorldTenant, random: Random): WorldLead[] {
  const taken = new Set<string>();
  const some = (count: number, fits: (contact: WorldContact) => boolean): WorldContact[] =>
    Array.from({ length: count }, () => {
      const contact = random.pick(tenant.contacts.filter((one) => fits(one) && !taken.has(one.key)));
      taken.add(contact.key);
      return contact;
    });
  const known = [
    ...some(5, ({ presence }) => presence.hubspot === 1 && presence.salesforce === 0),
    ...some(3, ({ presence }) => presence.hubspot === 1 && presence.salesforce === 1),
  ].map((contact, at) => ofContact(tenant, contact, random.pick(sources), at === 7));
  const domains = new Set(tenant.companies.map((one) => one.domain));
  const strange = Array.from({ length: 4 }, () => ofStranger(tenant, domains, random));
  return [...known, ...strange].map((lead, at) => ({ key: `lead-${at + 1}`, ...lead }));
}

/** The converted one has nothing that its contact lacks, so that its conversion left the contact as it is. */
function ofContact(
  tenant: WorldTenant,
  contact: WorldContact,
  source: string,
  converted: boolean,
): Omit<WorldLead, 'key'> {
  const { key: contactKey, firstName, lastName, email, ownerKey } = contact;
  const company = tenant.companies.find((one) => one.key === contact.companyKey)?.name ?? '';
  const rest = converted
    ? { phone: '', jobTitle: '', source: '' }
    : { phone: contact.phone, jobTitle: contact.jobTitle, source };
  return {
    contactKey,
    company,
    firstName,
    lastName,
    email,
    ownerKey,
    converted,
    ...rest,
  };
}

/** Of a firm whose domain is not `known` yet; it is afterwards. */
function ofStranger(tenant: WorldTenant, known: Set<string>, random: Random): Omit<WorldLead, 'key'> {
  const words = tenantWords[tenant.key];
  const brand = random.pick(brands.filter((one) => !known.has(one.domain)));
  known.add(brand.domain);
  const firstName = random.pick(firstNames);
  return {
    company: `${brand.brand} ${random.pick(words.legalForms)}`,
    firstName,
    lastName: random.pick(words.lastNames),
    email: `${mailLocalPart(firstName)}@${brand.domain}`,
    phone: '',
    jobTitle: random.pick(jobTitles),
    source: random.pick(sources),
    ownerKey: random.pick(tenant.people).key,
    converted: false,
  };
}
