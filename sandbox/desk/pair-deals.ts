import type { CrmDeal, DealPair } from './crm-deal.ts';

/** Pairs deals of equal name at a company of equal name; pure. In alphabetical order. */
export function pairDeals(hubspot: readonly CrmDeal[], salesforce: readonly CrmDeal[]): DealPair[] {
  const groups = new Map<string, { hubspot: CrmDeal[]; salesforce: CrmDeal[] }>();
  const groupOf = (deal: CrmDeal): { hubspot: CrmDeal[]; salesforce: CrmDeal[] } => {
    const key = `${plain(deal.company)}\n${plain(deal.name)}`;
    const group = groups.get(key) ?? { hubspot: [], salesforce: [] };
    groups.set(key, group);
    return group;
  };
  for (const deal of hubspot) groupOf(deal).hubspot.push(deal);
  for (const deal of salesforce) groupOf(deal).salesforce.push(deal);
  return [...groups.values()].flatMap(pairsOf).sort((one, other) => one.name.localeCompare(other.name));
}

function pairsOf(group: { hubspot: CrmDeal[]; salesforce: CrmDeal[] }): DealPair[] {
  const count = Math.max(group.hubspot.length, group.salesforce.length);
  return Array.from({ length: count }, (_unused, index) => {
    const left = group.hubspot[index];
    const right = group.salesforce[index];
    const { name, company } = (left ?? right)!;
    return { name, company, hubspot: side(left), salesforce: side(right), ambiguous: count > 1 };
  });
}

const side = (deal: CrmDeal | undefined): { id: string; stage: string } | null =>
  deal ? { id: deal.id, stage: deal.stage } : null;

const plain = (text: string): string => text.trim().toLowerCase().replaceAll(/\s+/g, ' ');

/**
 * The place of the pair that the desk opens with, always the same, whatever was done to it: that of the lowest HubSpot id
 * among those in both CRMs; `wanted` by name if it is one of those. -1 where there is none.
 */
export function firstChoice(pairs: readonly DealPair[], wanted?: string): number {
  const both = pairs.filter((pair) => pair.hubspot && pair.salesforce && !pair.ambiguous);
  const oldest = both.toSorted((one, other) => Number(one.hubspot?.id) - Number(other.hubspot?.id))[0];
  const first = both.find(({ name }) => name === wanted) ?? oldest ?? pairs[0];
  return first ? pairs.indexOf(first) : -1;
}
