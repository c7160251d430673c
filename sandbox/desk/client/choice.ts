import type { DealPair } from '../crm-deal.ts';

/** What the desk shows, kept in its address so that a reload and a copied link show the same. */
export interface Choice {
  tenant: string;
  language: 'en' | 'de';
  hubspotId?: string;
  salesforceId?: string;
}

export function readChoice(): Choice {
  const given = new URLSearchParams(location.search);
  const hubspotId = given.get('hubspot');
  const salesforceId = given.get('salesforce');
  return {
    tenant: given.get('tenant') === 'b' ? 'b' : 'a',
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
