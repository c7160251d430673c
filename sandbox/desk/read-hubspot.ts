import type { CrmDeal } from './crm-deal.ts';
import { getJson } from './get-json.ts';

const VERSION = '2026-09';

interface CrmObject {
  id: string;
  properties: Record<string, string | null>;
  associations?: { companies?: { results: { id: string }[] } };
}

interface Page {
  results: CrmObject[];
  paging?: { next: { after: string } };
}

/** All deals of a HubSpot account with the name of their company. */
export async function readHubspotDeals(hubspotUrl: string, token: string): Promise<CrmDeal[]> {
  const all = async (type: string, query: Record<string, string>): Promise<CrmObject[]> => {
    const found: CrmObject[] = [];
    for (let after = ''; ;) {
      const parameters = new URLSearchParams({ limit: '100', ...query, ...(after && { after }) });
      const page = (await getJson(`${hubspotUrl}/crm/objects/${VERSION}/${type}?${parameters}`, token)) as Page;
      found.push(...page.results);
      if (!page.paging) return found;
      after = page.paging.next.after;
    }
  };
  const [deals, companies] = await Promise.all([
    all('deals', { properties: 'dealname,dealstage', associations: 'companies' }),
    all('companies', { properties: 'name' }),
  ]);
  const names = new Map(companies.map(({ id, properties }) => [id, properties['name'] ?? '']));
  return deals.map(({ id, properties, associations }) => ({
    id,
    name: properties['dealname'] ?? '',
    company: names.get(associations?.companies?.results[0]?.id ?? '') ?? '',
    stage: properties['dealstage'] ?? '',
  }));
}
