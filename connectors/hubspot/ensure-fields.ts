import { z } from 'zod';
import type { NeededField } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Invalid, Rejected } from '../../protocol/errors.ts';
import type { Calls } from './calls.ts';
import { propertiesOf } from './describe.ts';
import { objectType } from './object-types.ts';
import { path } from './version.ts';

const purpose: Purpose = { lane: 'background', what: 'describe' };
const group = { name: 'rapport', label: 'Rapport' };

const types: Readonly<Record<NeededField['type'], { type: string; fieldType: string }>> = {
  text: { type: 'string', fieldType: 'text' },
  long_text: { type: 'string', fieldType: 'textarea' },
  instant: { type: 'datetime', fieldType: 'date' },
};

/** Creates the properties that are not there yet. Whether values are unique is fixed at creation (HubSpot docs: properties). */
export async function ensureFields(calls: Calls, object: string, needed: readonly NeededField[]): Promise<void> {
  const existing = await propertiesOf(calls, object);
  if (!existing) throw new Invalid(`HubSpot has no object ${object}.`, 'Correct the object in the mapping.');
  for (const { name, unique } of needed) {
    const found = existing.find((one) => one.name === name);
    if (found && unique && found.hasUniqueValue !== true) {
      throw new Invalid(
        `The HubSpot property ${object}.${name} exists, but its values are not unique.`,
        `An admin must rename or delete the property ${name} of ${object} in HubSpot; Rapport then creates its own.`,
      );
    }
  }
  const missing = needed.filter((one) => !existing.some(({ name }) => name === one.name));
  if (missing.length === 0) return;
  await create(calls, object, ['groups'], group);
  for (const { name, label, type, unique } of missing) {
    await create(calls, object, [], { name, label, ...types[type], groupName: group.name, hasUniqueValue: unique });
  }
}

/** Two processes may create the same thing at once: that it exists already is what was wanted. */
async function create(calls: Calls, object: string, rest: string[], body: object): Promise<void> {
  try {
    await calls.call({
      method: 'POST',
      path: path('crm/properties', objectType(object).pathName, ...rest),
      body,
      effect: 'write',
      object,
      count: 1,
      purpose,
      answer: z.looseObject({ name: z.string() }),
    });
  } catch (error) {
    if (!(error instanceof Rejected && error.code === 'duplicate')) throw error;
  }
}
