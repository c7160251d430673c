/** The tenants of the intake benchmark, one HubSpot account each, and what their webhooks are signed with. */
export const tenants = 100;
export const appId = '7040001';
export const clientSecret = 'intake-secret-of-the-benchmark';
/** Signed into every request; nobody calls it. */
export const publicUrl = 'https://hub.example';
export const path = '/webhooks/hubspot';

export function accountOf(tenant: number): number {
  return 9_000_000 + tenant;
}
