import { z } from 'zod';
import { errorItems } from './errors.ts';

/** REST API guide, "sObject Collections": 200 records a call. */
export const batchSize = 200;

/** One answer per record, by position. */
export const saveAnswer = z.array(
  z.looseObject({ id: z.string().optional(), success: z.boolean(), errors: errorItems.catch([]) }),
);
