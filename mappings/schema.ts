import { z } from 'zod';

const vendorValues = z.union([z.string(), z.array(z.string()).nonempty()]);
/** A field name, or one per object where a kind can live in several. */
const sideField = z.union([z.string(), z.record(z.string(), z.string())]);

const fieldSchema = z.strictObject({
  type: z.enum([
    'text',
    'long_text',
    'html',
    'email',
    'phone',
    'domain',
    'integer',
    'decimal',
    'date',
    'instant',
    'boolean',
    'option',
    'reference',
    'references',
  ]),
  rule: z
    .enum([
      'newest',
      'salesforce',
      'hubspot',
      'hub',
      'salesforce-unless-blank',
      'hubspot-unless-blank',
      'fill-blank',
      'append',
      'forward-only',
      'most-restrictive',
      'off',
    ])
    .default('newest'),
  tie: z.enum(['hubspot', 'salesforce']).default('salesforce'),
  group: z.string().optional(),
  /** YAML reads `[false, true]` as booleans. */
  order: z.array(z.union([z.string(), z.boolean().transform(String)])).default([]),
  to: z.enum(['company', 'contact', 'deal', 'research_report']).optional(),
  direction: z
    .strictObject({
      hubspot: z.enum(['both', 'in', 'out']).optional(),
      salesforce: z.enum(['both', 'in', 'out']).optional(),
    })
    .optional(),
  as: z
    .strictObject({ hubspot: z.literal('instant').optional(), salesforce: z.literal('instant').optional() })
    .optional(),
  hubspot: sideField.optional(),
  salesforce: sideField.optional(),
  values: z
    .record(z.string(), z.strictObject({ hubspot: vendorValues.optional(), salesforce: vendorValues.optional() }))
    .optional(),
});

const objectSchema = z.strictObject({
  object: z.string(),
  id: z.string(),
  facts: z.record(z.string(), z.string()).default({}),
  onCreate: z.record(z.string(), z.string()).default({}),
});

const matchSchema = z.union([
  z.strictObject({ field: z.string(), unless: z.string().optional() }),
  z.strictObject({ same: z.tuple([z.string(), z.string()]) }),
]);

/** The shape of one file in mappings/. What each key means: mappings/README.md. */
export const mappingFileSchema = z.strictObject({
  kind: z.enum(['company', 'contact', 'deal', 'research_report']),
  ours: z.boolean().default(false),
  onDelete: z.enum(['keep', 'archive']).default('keep'),
  objects: z.strictObject({
    hubspot: z.array(objectSchema).nonempty().optional(),
    salesforce: z.array(objectSchema).nonempty().optional(),
  }),
  match: z.array(matchSchema).default([]),
  fields: z.record(z.string().regex(/^[a-z][A-Za-z0-9]*$/, 'a field name is camelCase'), fieldSchema),
  triggers: z.record(z.string(), z.record(z.string(), z.string())).default({}),
});

export type MappingFile = z.infer<typeof mappingFileSchema>;
