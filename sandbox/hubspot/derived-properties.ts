import { z } from 'zod';
import { validationError } from './errors.ts';
import { deals, emails, tasks, type ObjectType } from './object-types.ts';

type Properties = Readonly<Record<string, string>>;

/** Adds what HubSpot calculates, to a record's properties as they will be. Calculated properties tell no webhook. */
export function withDerived(type: ObjectType, properties: Properties, at_ms: number): Record<string, string> {
  switch (type.typeId) {
    case deals.typeId:
      return { ...properties, ...ofDeal(properties) };
    case tasks.typeId:
      return ofTask(properties, at_ms);
    case emails.typeId:
      return ofEmail(properties);
    default:
      return { ...properties };
  }
}

function ofDeal({ dealstage: stage }: Properties): Record<string, string> {
  if (stage === undefined) return {};
  return { hs_is_closed: String(stage.startsWith('closed')), hs_is_closed_won: String(stage === 'closedwon') };
}

function ofTask(properties: Properties, at_ms: number): Record<string, string> {
  const { hs_task_completion_date: completedAt, ...rest } = properties;
  if (rest['hs_task_status'] !== 'COMPLETED') return { ...rest, hs_task_is_completed: 'false' };
  return { ...rest, hs_task_is_completed: 'true', hs_task_completion_date: completedAt ?? String(at_ms) };
}

const person = z.looseObject({
  email: z.string().optional(),
  firstName: z.string().optional(),
  lastName: z.string().optional(),
});
const headers = z.looseObject({
  from: person.optional(),
  to: z.array(person).default([]),
  cc: z.array(person).default([]),
  bcc: z.array(person).default([]),
});

/**
 * HubSpot docs, emails: `hs_email_headers` is JSON that names sender and recipients; the read-only properties come from it.
 * What is no such JSON is refused (from memory).
 */
export function readEmailHeaders(value: string): z.infer<typeof headers> {
  try {
    return headers.parse(JSON.parse(value));
  } catch {
    throw validationError('hs_email_headers must be JSON with from, to, cc and bcc');
  }
}

function ofEmail(properties: Properties): Record<string, string> {
  const rest = Object.entries(properties).filter(([name]) => !/^hs_email_(from|to|cc|bcc)_/.test(name));
  const given = properties['hs_email_headers'];
  if (given === undefined) return Object.fromEntries(rest);
  const { from, ...others } = readEmailHeaders(given);
  const ends = Object.entries({ from: from ? [from] : [], to: others.to, cc: others.cc, bcc: others.bcc });
  const named = ends.flatMap(([end, people]) =>
    (['email', 'firstName', 'lastName'] as const).map((part): [string, string] => [
      `hs_email_${end}_${part.toLowerCase()}`,
      people.flatMap((one) => one[part] ?? []).join(';'),
    ]),
  );
  return Object.fromEntries([...rest, ...named.filter(([, value]) => value !== '')]);
}
