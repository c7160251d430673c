import { z } from 'zod';

const company = z.strictObject({
  recordId: z.string(),
  name: z.string().min(1),
  /** A host name without scheme, e.g. `northwind.example`. */
  domain: z.string().nullable(),
  industry: z.string().nullable(),
  city: z.string().nullable(),
  country: z.string().nullable(),
});

/** A deal and the company behind it, as the CRMs have them. */
export const researchInput = z.strictObject({
  deal: z.strictObject({ recordId: z.string(), name: z.string() }),
  /** null: the deal has no company. */
  company: company.nullable(),
  /** Whether texts may go to a model at all. */
  aiEnabled: z.boolean(),
});

export type ResearchInput = z.infer<typeof researchInput>;
export type Company = z.infer<typeof company>;
