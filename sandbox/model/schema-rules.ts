import type { JsonSchema } from './schema.ts';

/** A part of a schema a vendor does not take: where it is, and what is wrong there. */
export interface SchemaFault {
  path: string[];
  problem: string;
}

/**
 * OpenAI docs: structured outputs, supported schemas. In strict mode the root is an object, each object names all its properties in
 * `required` and forbids others.
 */
export function openaiSchemaFault(schema: JsonSchema): SchemaFault | undefined {
  if (schema.type !== 'object' && !schema.$ref) {
    return {
      path: [],
      problem: `schema must be a JSON Schema of 'type: "object"', got 'type: "${String(schema.type ?? 'None')}"'.`,
    };
  }
  return firstFault(schema, (one) => {
    if (one.additionalProperties !== false) return "'additionalProperties' is required to be supplied and to be false.";
    const missing = Object.keys(one.properties ?? {}).find((name) => !one.required?.includes(name));
    if (missing === undefined) return undefined;
    return `'required' is required to be supplied and to be an array including every key in properties. Missing '${missing}'.`;
  });
}

const unsupported = {
  string: ['minLength', 'maxLength'],
  number: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  integer: ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'],
  array: ['maxItems', 'uniqueItems'],
} as const;

/** Anthropic docs: structured outputs, JSON Schema limitations. Objects forbid other properties; no bounds on numbers, strings, lists. */
export function anthropicSchemaFault(schema: JsonSchema): SchemaFault | undefined {
  return firstFault(
    schema,
    (one) =>
      one.additionalProperties === false
        ? undefined
        : "For 'object' type, 'additionalProperties' must be explicitly set to false",
    (one) => {
      const type = one.type as keyof typeof unsupported;
      const found = (unsupported[type] ?? []).filter((key) => key in one);
      return found.length > 0 ? `For '${type}' type, properties ${found.join(', ')} are not supported` : undefined;
    },
  );
}

function firstFault(
  schema: JsonSchema,
  ofObject: (object: JsonSchema) => string | undefined,
  ofAny: (any: JsonSchema) => string | undefined = () => undefined,
  path: string[] = [],
): SchemaFault | undefined {
  const problem = (schema.type === 'object' ? ofObject(schema) : undefined) ?? ofAny(schema);
  if (problem !== undefined) return { path, problem };
  const below: [string[], JsonSchema][] = [
    ...Object.entries(schema.properties ?? {}).map(([name, one]): [string[], JsonSchema] => [
      ['properties', name],
      one,
    ]),
    ...Object.entries(schema.$defs ?? {}).map(([name, one]): [string[], JsonSchema] => [['$defs', name], one]),
    ...(schema.anyOf ?? []).map((one, at): [string[], JsonSchema] => [['anyOf', String(at)], one]),
    ...(schema.items ? [[['items'], schema.items] as [string[], JsonSchema]] : []),
  ];
  for (const [step, one] of below) {
    const fault = firstFault(one, ofObject, ofAny, [...path, ...step]);
    if (fault) return fault;
  }
  return undefined;
}
