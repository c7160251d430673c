import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';

/** A saved webhook delivery. `body` is the text exactly as the vendor sent it: the signature covers its bytes. */
export interface Fixture {
  description: string;
  body: string;
  /** The account and the deals that the events are about. */
  portalId: string;
  dealIds: string[];
}

const file = z.strictObject({ description: z.string().min(1), body: z.string().min(1) });
const id = z.union([z.int(), z.string().regex(/^\d+$/)]).transform(String);
const events = z
  .array(
    z.looseObject({
      portalId: id,
      objectTypeId: z.string().optional(),
      objectId: id.optional(),
      fromObjectTypeId: z.string().optional(),
      fromObjectId: id.optional(),
    }),
  )
  .min(1);

/** HubSpot docs: the object type id of deals. */
const deals = '0-3';
const remedy = 'Give a file like those in test/fixtures/hubspot: a description and the raw body of one delivery.';

/** Reads a fixture. Throws Invalid, saying what is wrong with the file. */
export function readFixture(path: string): Fixture {
  let text: string;
  try {
    text = readFileSync(path, 'utf8');
  } catch (cause) {
    throw new Invalid(`${path} cannot be read: ${(cause as Error).message}.`, remedy, cause);
  }
  const { description, body } = checked(file, parsed(text, path), path);
  const told = checked(events, parsed(body, `The body in ${path}`), `The body in ${path}`);
  const [{ portalId } = { portalId: '' }] = told;
  if (told.some((event) => event.portalId !== portalId))
    throw new Invalid(`The body in ${path} has events of several portals.`, 'HubSpot sends one portal in a request.');
  const dealIds = told.flatMap((event) => {
    if (event.fromObjectTypeId === deals) return event.fromObjectId ?? [];
    return event.objectTypeId === deals ? (event.objectId ?? []) : [];
  });
  return { description, body, portalId, dealIds: [...new Set(dealIds)] };
}

function parsed(text: string, name: string): unknown {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Invalid(`${name} is not JSON: ${(cause as Error).message}.`, remedy, cause);
  }
}

function checked<T>(schema: z.ZodType<T>, value: unknown, name: string): T {
  const result = schema.safeParse(value);
  if (!result.success) throw new Invalid(`${name} is no webhook delivery:\n${z.prettifyError(result.error)}`, remedy);
  return result.data;
}
