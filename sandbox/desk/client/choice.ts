import type { DealPair } from '../crm-deal.ts';
import type { Language } from './texts.ts';

/** What the desk shows, kept in its address so that a reload and a copied link show the same. */
export interface Choice {
  tenant: string;
  language: Language;
  hubspotId?: string;
  salesforceId?: string;
}

/** What the address asks for; `unknownTenant` where it names one that is not among `tenants`, whose first is taken then. */
export function readChoice(search: string, tenants: readonly string[]): Choice & { unknownTenant?: string } {
  const given = new URLSearchParams(search);
  const asked = given.get('tenant');
  const isKnown = asked !== null && tenants.includes(asked);
  const hubspotId = given.get('hubspot');
  const salesforceId = given.get('salesforce');
  return {
    tenant: isKnown ? asked : (tenants[0] ?? ''),
    ...(asked !== null && !isKnown && { unknownTenant: asked }),
    language: (given.get('lang') ?? navigator.language).startsWith('de') ? 'de' : 'en',
    ...(hubspotId && { hubspotId }),
    ...(salesforceId && { salesforceId }),
  };
}

export function keepChoice({ tenant, language, hubspotId, salesforceId }: Choice): void {
  const query = new URLSearchParams({ tenant, lang: language });
  if (hubspotId) query.set('hubspot', hubspotId);
  if (salesforceId) query.set('salesforce', salesforceId);
  history.replaceState(undefined, '', `?${query}`);
}

/** The pair that a choice names by either id. */
export function chosen(pairs: readonly DealPair[], { hubspotId, salesforceId }: Choice): DealPair | undefined {
  return pairs.find(
    ({ hubspot, salesforce }) =>
      (hubspotId !== undefined && hubspot?.id === hubspotId) ||
      (salesforceId !== undefined && salesforce?.id === salesforceId),
  );
}
