import { portals as seededPortals } from '../seed/credentials.ts';
import type { World, WorldTenant } from '../seed/world.ts';
import { contacts, deals } from './object-types.ts';
import { Filler } from './seed-rows.ts';
import type { HubspotState } from './state.ts';

const day_ms = 86_400_000;

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
  for (const mail of tenant.mails) filler.addMail(mail, tenant);
  for (const task of tenant.tasks) filler.addTask(task);
}
