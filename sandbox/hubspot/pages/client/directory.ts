import type { Api, Owner, Property, Stage } from './api.ts';

/** What rarely changes in an account, read once: labels, stages, people. */
export interface Directory {
  properties: Map<string, Property>;
  stages: Stage[];
  owners: Owner[];
}

export async function readDirectory(api: Api): Promise<Directory> {
  const [properties, stages, owners] = await Promise.all([api.properties(), api.stages(), api.owners()]);
  return { properties: new Map(properties.map((one) => [one.name, one])), stages, owners };
}

/** What a property may be set to, as value and label; undefined where it is free. */
export function choices(directory: Directory, property: Property): { value: string; label: string }[] | undefined {
  if (property.name === 'dealstage') return directory.stages.map(({ id, label }) => ({ value: id, label }));
  if (property.name === 'hubspot_owner_id') {
    return directory.owners.map((owner) => ({ value: owner.id, label: fullName(owner) }));
  }
  const shown = property.options.filter(({ hidden }) => !hidden);
  return shown.length > 0 ? shown : undefined;
}

export const fullName = ({ firstName, lastName }: Owner): string => `${firstName} ${lastName}`;
