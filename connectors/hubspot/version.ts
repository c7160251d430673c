/** The dated API version every call uses. HubSpot supports one for 18 months (HubSpot docs: API versioning). */
const apiVersion = '2026-09';

/** `/crm/objects/<version>/contacts/...` */
export function objectPath(type: string, ...rest: string[]): string {
  return path('crm/objects', type, ...rest);
}

/** `/crm/associations/<version>/deals/companies/...` */
export function associationPath(from: string, to: string, ...rest: string[]): string {
  return path('crm/associations', from, to, ...rest);
}

/** `/<area>/<version>/<segments>`, each segment escaped; segments with slashes of their own come as several. */
export function path(area: string, ...segments: string[]): string {
  return `/${area}/${apiVersion}${segments.map((one) => `/${encodeURIComponent(one)}`).join('')}`;
}
