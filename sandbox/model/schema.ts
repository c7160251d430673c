/** As much of JSON Schema as structured outputs of the two vendors use. */
export interface JsonSchema {
  type?: string | string[];
  description?: string;
  properties?: Record<string, JsonSchema>;
  required?: string[];
  additionalProperties?: unknown;
  items?: JsonSchema;
  anyOf?: JsonSchema[];
  oneOf?: JsonSchema[];
  allOf?: JsonSchema[];
  enum?: unknown[];
  const?: unknown;
  format?: string;
  maxItems?: number;
  maxLength?: number;
  minimum?: number;
  maximum?: number;
  $ref?: string;
  $defs?: Record<string, JsonSchema>;
  definitions?: Record<string, JsonSchema>;
}

/** The schema with its reference and `allOf` resolved, its null alternative taken out and said in `nullable`. */
export function resolved(schema: JsonSchema, root: JsonSchema): { schema: JsonSchema; nullable: boolean } {
  if (schema.$ref) {
    const target = dereference(schema.$ref, root);
    return resolved({ ...target, ...(schema.description ? { description: schema.description } : {}) }, root);
  }
  if (schema.allOf?.[0]) return resolved({ ...schema.allOf[0], ...without(schema, 'allOf') }, root);
  const choices = schema.anyOf ?? schema.oneOf;
  if (choices) {
    const real = choices.filter((one) => one.type !== 'null');
    const chosen = resolved({ ...real[0], ...(schema.description ? { description: schema.description } : {}) }, root);
    return { schema: chosen.schema, nullable: chosen.nullable || real.length < choices.length };
  }
  if (Array.isArray(schema.type)) {
    const type = schema.type.find((one) => one !== 'null');
    return { schema: { ...schema, ...(type === undefined ? {} : { type }) }, nullable: schema.type.includes('null') };
  }
  return { schema, nullable: schema.type === 'null' };
}

/** A bound the schema sets, or, as the Anthropic SDK moves it there, its description: `{maxItems: 3}`. */
export function bound(schema: JsonSchema, key: 'maxItems' | 'maxLength'): number | undefined {
  const told = schema.description?.match(new RegExp(`\\b${key}: (\\d+)`))?.[1];
  return schema[key] ?? (told === undefined ? undefined : Number(told));
}

function dereference(reference: string, root: JsonSchema): JsonSchema {
  let found: unknown = root;
  for (const step of reference.split('/').slice(1))
    found = (found as Record<string, unknown> | undefined)?.[decodeURIComponent(step)];
  if (found === undefined) throw new RangeError(`The schema refers to ${reference}, which it does not define.`);
  return found as JsonSchema;
}

function without(schema: JsonSchema, key: 'allOf'): JsonSchema {
  const { [key]: _, ...rest } = schema;
  return rest;
}
