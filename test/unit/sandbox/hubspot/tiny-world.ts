import { orgs, portals } from '../../../../sandbox/seed/credentials.ts';
import type { World, WorldTenant } from '../../../../sandbox/seed/world.ts';

const both = { hubspot: 1, salesforce: 1 } as const;

function tenant(at: 0 | 1): WorldTenant {
  return {
    key: portals[at].tenant,
    name: `Tenant ${portals[at].tenant}`,
    portalId: portals[at].portalId,
    orgId: orgs[at].orgId,
    people: [
      { key: 'p1', firstName: 'Ada', lastName: 'Lane', email: 'ada@rep.example', timeZone: 'UTC', locale: 'en' },
      { key: 'p2', firstName: 'Bo', lastName: 'Reed', email: 'bo@rep.example', timeZone: 'UTC', locale: 'en' },
    ],
    companies: [
      {
        key: 'c1',
        name: 'Northwind',
        domain: 'northwind.example',
        industry: 'Technology',
        street: '1 Pier',
        city: 'Hamburg',
        postalCode: '20095',
        country: 'Germany',
        phone: '+49 40 1',
        employees: 120,
        annualRevenue: 5_000_000,
        description: 'Ships things',
        ownerKey: 'p1',
        presence: { hubspot: 2, salesforce: 1 },
      },
      {
        key: 'c2',
        name: 'Only there',
        domain: 'there.example',
        industry: 'Energy',
        street: '',
        city: '',
        postalCode: '',
        country: '',
        phone: '',
        employees: 5,
        annualRevenue: 1,
        description: '',
        ownerKey: 'p2',
        presence: { hubspot: 0, salesforce: 1 },
      },
    ],
    contacts: [
      {
        key: 'k1',
        companyKey: 'c1',
        firstName: 'Cleo',
        lastName: 'Fox',
        email: 'cleo@northwind.example',
        phone: '+49 40 2',
        jobTitle: 'CTO',
        ownerKey: 'p1',
        presence: { hubspot: 2, salesforce: 1 },
      },
    ],
    deals: [
      {
        key: 'd1',
        companyKey: 'c1',
        contactKeys: ['k1'],
        name: 'Northwind rollout',
        amount: '12500.00',
        currency: 'EUR',
        stage: 'appointmentscheduled',
        closeDate: '2027-01-15',
        nextStep: 'Call Cleo',
        ownerKey: 'p2',
        lastTouchAt: '2026-11-20T10:00:00Z',
        presence: both,
      },
    ],
    leads: [],
    mails: [],
    tasks: [],
  };
}

export const tinyWorld: World = { seed: 1, tenants: [tenant(0), tenant(1)] };
