import type { Link, Parked, Vendor } from '../../protocol/nouns.ts';

/** Why a second row of a record is left alone. */
export function twinEntry(
  stays: Link,
  mergedAt: Vendor | undefined,
): Pick<Parked, 'field' | 'cause' | 'detail' | 'remedy' | 'value' | 'waitsFor'> {
  const where = mergedAt === undefined ? 'in the other CRM' : mergedAt === 'hubspot' ? 'in HubSpot' : 'in Salesforce';
  return {
    field: null,
    cause: 'merged_elsewhere',
    detail: `The two records were merged ${where}; here they are still two. Rapport goes on with ${stays.externalId}.`,
    remedy: `Merge this one and ${stays.externalId} here as well. Until then it is neither read nor written.`,
    value: null,
    waitsFor: null,
  };
}
