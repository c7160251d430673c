import { z } from 'zod';
import type { FieldDescription, ObjectDescription } from '../../protocol/crm-connector.ts';
import type { Purpose } from '../../protocol/purpose.ts';
import { Gone, OutOfReach } from '../../protocol/errors.ts';
import type { Calls } from './calls.ts';
import { contactRolesField } from './contact-roles.ts';
import { UnknownField } from './errors.ts';

/** REST API guide, "sObject Describe". */
const describeAnswer = z.looseObject({
  fields: z.array(
    z.looseObject({
      name: z.string(),
      label: z.string(),
      type: z.string(),
      referenceTo: z.array(z.string()).catch([]),
      length: z.number(),
      nillable: z.boolean(),
      createable: z.boolean(),
      updateable: z.boolean(),
      defaultedOnCreate: z.boolean(),
      picklistValues: z
        .array(z.looseObject({ value: z.string(), label: z.string().nullish(), active: z.boolean() }))
        .catch([]),
    }),
  ),
});
type Field = z.infer<typeof describeAnswer>['fields'][number];

const purpose: Purpose = { lane: 'background', what: 'describe' };
const life_ms = 10 * 60_000;

/** Which fields the integration user sees, kept for ten minutes: a call may name no others. */
export class Describes {
  readonly #calls: Calls;
  readonly #kept = new Map<string, { at_ms: number; found: Promise<ObjectDescription | undefined> }>();
  readonly #parents = new Map<string, readonly string[]>();

  constructor(calls: Calls) {
    this.#calls = calls;
  }

  /** undefined where the org has no such object, or the integration user may not see it. */
  get(object: string): Promise<ObjectDescription | undefined> {
    const now_ms = this.#calls.clock.now_ms();
    const kept = this.#kept.get(object);
    if (kept && now_ms - kept.at_ms < life_ms) return kept.found;
    const found = describe(this.#calls, object, (parents) => this.#parents.set(object, parents));
    this.#kept.set(object, { at_ms: now_ms, found });
    found.catch(() => this.#kept.delete(object));
    return found;
  }

  /** Lookups at other rows than users, of an object that was described: writing a child locks the rows that they name. */
  parents(object: string): readonly string[] {
    return this.#parents.get(object) ?? [];
  }

  /** Runs what names fields; once more with a new describe when the org has changed meanwhile. */
  async withCurrent<T>(object: string, work: (description: ObjectDescription) => Promise<T>): Promise<T> {
    try {
      return await work(await this.#existing(object));
    } catch (error) {
      if (!(error instanceof UnknownField)) throw error;
    }
    this.#kept.delete(object);
    return work(await this.#existing(object));
  }

  async #existing(object: string): Promise<ObjectDescription> {
    const found = await this.get(object);
    if (found) return found;
    throw new OutOfReach(
      `The Salesforce org has no object ${object} that Rapport may see.`,
      `An admin must install the Rapport package, or give its integration user access to ${object}.`,
    );
  }
}

async function describe(
  calls: Calls,
  object: string,
  foundParents: (names: readonly string[]) => void,
): Promise<ObjectDescription | undefined> {
  try {
    const { fields } = await calls.call({
      method: 'GET',
      path: `/sobjects/${encodeURIComponent(object)}/describe`,
      effect: 'read',
      object,
      count: 1,
      purpose,
      answer: describeAnswer,
    });
    const lookups = fields.filter((field) => field.type === 'reference' && !field.referenceTo.includes('User'));
    foundParents(lookups.map((field) => field.name));
    return {
      object,
      fields: {
        ...Object.fromEntries(fields.map((field) => [field.name, toField(field)])),
        ...(object === 'Opportunity' && { [contactRolesField.name]: contactRolesField.description }),
      },
    };
  } catch (error) {
    if (error instanceof Gone || error instanceof UnknownField) return undefined;
    throw error;
  }
}

/** Values outside a picklist are refused or litter it, whether it is restricted or not: all count as limited. */
function toField(field: Field): FieldDescription {
  const limited = field.type === 'picklist' || field.type === 'multipicklist';
  const active = field.picklistValues.filter((one) => one.active);
  return {
    label: field.label,
    writable: field.updateable,
    required: field.createable && !field.nillable && !field.defaultedOnCreate,
    maxLength: field.length > 0 ? field.length : null,
    options: limited ? active.map(({ value, label }) => ({ value, label: label ?? value })) : null,
  };
}
