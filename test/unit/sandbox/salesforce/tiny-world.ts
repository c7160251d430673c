import type { World, WorldTenant } from '../../../../sandbox/seed/world.ts';
import { orgs } from '../../../../sandbox/seed/credentials.ts';

const both = { hubspot: 1, salesforce: 1 } as const;

function tenant(key: 'a' | 'b', orgId: string): WorldTenant {
  return {
    key,
    name: `Tenant ${key}`,
    portalId: key === 'a' ? 1 : 2,
    orgId,
    people: [
      {
        key: 'ada',
        firstName: 'Ada',
        lastName: 'Byron',
        email: 'ada@rep.example',
        timeZone: 'Europe/Berlin',
        locale: 'en-GB',
      },
      {
        key: 'max',
        firstName: 'Max',
        lastName: 'Born',
        email: 'max@rep.example',
        timeZone: 'America/New_York',
        locale: 'en-US',
      },
    ],
    companies: [
      {
        key: 'acme',
        name: 'Acme Pumps',
        domain: 'acme.example',
        industry: 'Machinery',
        street: '1 Pump Lane',
        city: 'Leeds',
        postalCode: 'LS1 1AA',
        country: 'United Kingdom',
        phone: '+44 1',
        employees: 120,
        annualRevenue: 5_000_000,
        description: 'Pumps.',
        ownerKey: 'ada',
        presence: both,
      },
      {
        key: 'bolt',
        name: "O'Bolt & Sons",
        domain: 'bolt.example',
        industry: 'Retail',
        street: '2 Bolt Road',
        city: 'Bonn',
        postalCode: '53111',
        country: 'Germany',
        phone: '+49 2',
        employees: 40,
        annualRevenue: 900_000,
        description: 'Bolts.',
        ownerKey: 'max',
        presence: { hubspot: 1, salesforce: 2 },
      },
    ],
    contacts: [
      {
        key: 'jo',
        companyKey: 'acme',
        firstName: 'Jo',
        lastName: 'Field',
        email: 'jo@acme.example',
        phone: '1',
        jobTitle: 'Buyer',
        ownerKey: 'ada',
        presence: both,
      },
      {
        key: 'kim',
        companyKey: 'acme',
        firstName: 'Kim',
        lastName: 'Wells',
        email: 'kim@acme.example',
        phone: '2',
        jobTitle: 'Engineer',
        ownerKey: 'max',
        presence: both,
      },
      {
        key: 'absent',
        companyKey: 'acme',
        firstName: 'No',
        lastName: 'Body',
        email: 'no@acme.example',
        phone: '3',
        jobTitle: 'None',
        ownerKey: 'max',
        presence: { hubspot: 1, salesforce: 0 },
      },
    ],
    deals: [
      {
        key: 'pumps',
        companyKey: 'acme',
        contactKeys: ['jo', 'kim', 'absent'],
        name: 'Pump renewal',
        amount: '12000.50',
        currency: 'GBP',
        stage: 'appointmentscheduled',
        closeDate: '2026-12-31',
        nextStep: 'Call Jo',
        ownerKey: 'ada',
        lastTouchAt: '2026-11-01T09:30:00Z',
        presence: both,
      },
    ],
    leads: [],
    mails: [],
    tasks: [],
  };
}

/** Two tenants with the same rows; in org a: two accounts of Bolt, one deal with two roles. */
export const tinyWorld: World = { seed: 1, tenants: [tenant('a', orgs[0].orgId), tenant('b', orgs[1].orgId)] };
