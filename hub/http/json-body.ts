import type { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';

/** A JSON body of the given shape. Throws Invalid, naming each field that is wrong. */
export function jsonBody<T>(body: Buffer, schema: z.ZodType<T>): T {
  let read: unknown;
  try {
    read = JSON.parse(body.toString('utf8'));
  } catch (cause) {
    throw new Invalid('The body is not JSON.', 'Send a JSON object.', cause);
  }
  const checked = schema.safeParse(read);
  if (checked.success) return checked.data;
  const faults = checked.error.issues.map((issue) => `${issue.path.join('.') || 'body'}: ${issue.message}`);
  throw new Invalid(faults.join('; '), 'Correct these fields of the request.');
}
