import { z } from 'zod';
import type { FieldDescription, ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Fault, Gone } from '../../protocol/errors.ts';
import type { Calls } from './calls.ts';
import { whereGranted } from './errors.ts';
import { associationFields, objectType } from './object-types.ts';
import { path } from './version.ts';

const option = z.looseObject({ value: z.string(), label: z.string() });

/** `Property` of HubSpot's OpenAPI file for properties. */
const property = z.looseObject({
  name: z.string(),
  label: z.string(),
  type: z.string(),
  options: z.array(option).catch([]),
  externalOptions: z.boolean().optional(),
  calculated: z.boolean().optional(),
  hasUniqueValue: z.boolean().optional(),
  modificationMetadata: z.looseObject({ readOnlyValue: z.boolean() }).optional(),
});
export type Property = z.infer<typeof property>;

const propertiesAnswer = z.looseObject({ results: z.array(property) });
const pipelinesAnswer = z.looseObject({
  results: z.array(
    z.looseObject({
      id: z.string(),
      label: z.string(),
      stages: z.array(z.looseObject({ id: z.string(), label: z.string() })),
    }),
  ),
});

const purpose: Purpose = { lane: 'background', what: 'describe' };
/** HubSpot docs, "Properties": the longest text value. */
const longest = 65_536;

/** An object's properties and association pseudo-fields; undefined where the portal has no such object, or does not grant it. */
export async function describeObject(calls: Calls, object: string): Promise<ObjectDescription | undefined> {
  const found = await whereGranted(propertiesOf(calls, object), undefined);
  if (!found) return undefined;
  const fields: Record<string, FieldDescription> = {};
  for (const one of found) fields[one.name] = toField(one);
  if (object === 'deals') Object.assign(fields, await whereGranted(pipelineFields(calls, fields), {}));
  for (const { field } of associationFields(object)) {
    fields[field] = { label: field, writable: true, required: false, maxLength: null, options: null };
  }
  return { object, fields };
}

/** The definitions as HubSpot has them; undefined where the portal has no such object. Throws NotGranted. */
export async function propertiesOf(calls: Calls, object: string): Promise<Property[] | undefined> {
  try {
    const answer = await calls.call({
      method: 'GET',
      path: path('crm/properties', objectType(object).pathName),
      effect: 'read',
      object,
      count: 1,
      purpose,
      answer: propertiesAnswer,
    });
    return answer.results;
  } catch (error) {
    if (error instanceof Gone || isUnknownType(error)) return undefined;
    throw error;
  }
}

/** `Unable to infer object type from: p_rapport_research`, a 400. */
function isUnknownType(error: unknown): boolean {
  return error instanceof Fault && /infer object type/i.test(error.message);
}

function toField(one: Property): FieldDescription {
  const limited = one.type === 'enumeration' && one.externalOptions !== true && one.options.length > 0;
  return {
    label: one.label,
    writable: one.modificationMetadata?.readOnlyValue !== true && one.calculated !== true,
    required: false,
    maxLength: one.type === 'string' ? longest : null,
    options: limited ? one.options.map(({ value, label }) => ({ value, label })) : null,
  };
}

/** A deal's stage and pipeline have their options in the pipelines. */
async function pipelineFields(
  calls: Calls,
  fields: Readonly<Record<string, FieldDescription>>,
): Promise<Record<string, FieldDescription>> {
  const { results } = await calls.call({
    method: 'GET',
    path: path('crm/pipelines', 'deals'),
    effect: 'read',
    object: 'deals',
    count: 1,
    purpose,
    answer: pipelinesAnswer,
  });
  const options = (all: readonly { id: string; label: string }[]): FieldDescription['options'] =>
    all.map(({ id, label }) => ({ value: id, label }));
  const { dealstage, pipeline } = fields;
  return {
    ...(dealstage && { dealstage: { ...dealstage, options: options(results.flatMap((one) => one.stages)) } }),
    ...(pipeline && { pipeline: { ...pipeline, options: options(results) } }),
  };
}
