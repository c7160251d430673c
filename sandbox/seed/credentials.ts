/**
 * The accounts, apps and secrets that exist in a fresh sandbox. They open nothing but the sandbox.
 * `person` credentials act as a user of the CRM (no rate limit, changes read as made in the vendor's UI);
 * the app's own act under the vendor's limits.
 */
export const hubspotApp = {
  appId: 7_040_001,
  clientId: '5f1c2a3e-70a0-4b1d-9a51-0e7a90c0de01',
  clientSecret: '9d2b7c11-4e0f-4f5a-8f0e-5a1d00c0ffee',
} as const;

export const portals = [
  { tenant: 'a', portalId: 8_801_001, refreshToken: 'na1-refresh-portal-a', personToken: 'sandbox' },
  { tenant: 'b', portalId: 8_801_002, refreshToken: 'na1-refresh-portal-b', personToken: 'sandbox-b' },
] as const;

export const orgs = [
  {
    tenant: 'a',
    orgId: '00D5f000000SbA1EAM',
    integration: { clientId: 'rapport-hub-org-a', clientSecret: 'org-a-3c9e1f0b7d2a' },
    person: { clientId: 'sandbox', clientSecret: 'sandbox' },
    /** What the org's admin entered in the package's External Credential. */
    backEnd: { clientId: '00D5f000000SbA1EAM', clientSecret: 'component-org-a-51f0c2' },
  },
  {
    tenant: 'b',
    orgId: '00D5f000000SbB2EAM',
    integration: { clientId: 'rapport-hub-org-b', clientSecret: 'org-b-7a4d2e9c1f60' },
    person: { clientId: 'sandbox-b', clientSecret: 'sandbox-b' },
    backEnd: { clientId: '00D5f000000SbB2EAM', clientSecret: 'component-org-b-98e4d7' },
  },
] as const;
