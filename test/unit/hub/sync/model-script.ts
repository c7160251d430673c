import type { FieldRule, Rule } from '../../../../protocol/mapping.ts';
import type { Vendor } from '../../../../protocol/nouns.ts';
import { fieldRule } from './planner-input.ts';

/*
 * Schemas and scripts of the model are decoded from plain numbers: cheap to draw, and a failing case shrinks to few and
 * small numbers, where 0 is the simplest of each.
 */

export interface ModelField extends FieldRule {
  /** Where the account's grant does not show the field. */
  hidden: readonly Vendor[];
  /** Where it is only read (`in`) or only written (`out`). */
  only: Readonly<Partial<Record<Vendor, 'in' | 'out'>>>;
}

export interface Schema {
  fields: readonly ModelField[];
  /** `agreed`: both sides linked and equal. `met`: two rows, not compared yet. `created`: Salesforce lacks the row. */
  start: 'agreed' | 'met' | 'created';
}

export type Step = { wait_ms: number } & (
  | { do: 'edit'; side: Vendor; field: number; draw: number }
  | { do: 'hub edit'; field: number; draw: number }
  /** `torn`: a field that this reading cannot show. */
  | { do: 'observe'; side: Vendor; events: boolean; torn: number | undefined }
  | { do: 'send'; side: Vendor }
  /** `refused`: a bit per field that the vendor answers for and does not take. */
  | { do: 'land'; side: Vendor; refused: number }
);

export const sides: readonly Vendor[] = ['hubspot', 'salesforce'];
export const order = ['one', 'two', 'three', 'four'];
export const members = ['a', 'b', 'c'];

const rules: readonly Rule[] = [
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
];
const groupRules = rules.filter((rule) => rule !== 'append' && rule !== 'forward-only' && rule !== 'most-restrictive');
const setRules: readonly Rule[] = ['newest', 'salesforce', 'hubspot', 'hub', 'off'];
const starts = ['agreed', 'met', 'created'] as const;

/** Takes digits of mixed radix off a number. */
function digits(number: number): <T>(choices: readonly T[]) => T {
  let rest = number;
  return (choices) => {
    const chosen = choices[rest % choices.length];
    rest = Math.floor(rest / choices.length);
    return chosen as never;
  };
}

const rarely = [false, false, false, false, false, true] as const;

export function schemaOf([start = 0, first = 0, second = 0, group = 0, set = 0]: readonly number[]): Schema {
  const single = (name: string, drawn: number): ModelField => {
    const pick = digits(drawn);
    const rule = pick(rules);
    const ordered = rule === 'forward-only' || rule === 'most-restrictive';
    return {
      ...fieldRule({ name, rule, tie: pick(sides), order, type: ordered ? 'option' : 'text' }),
      hidden: pick(rarely) ? [pick(sides)] : [],
      only: pick(rarely) ? { [pick(sides)]: pick(['in', 'out'] as const) } : {},
    };
  };
  const grouped = (): ModelField[] => {
    const pick = digits(group);
    const shared = { group: 'group', rule: pick(groupRules), tie: pick(sides) };
    const hidden = pick(rarely) ? [pick(sides)] : [];
    return [
      { ...fieldRule({ name: 'left', ...shared }), hidden: [], only: {} },
      { ...fieldRule({ name: 'right', ...shared }), hidden, only: {} },
    ];
  };
  const sets = (): ModelField => {
    const pick = digits(set);
    return { ...fieldRule({ name: 'set', type: 'references', rule: pick(setRules) }), hidden: [], only: {} };
  };
  return {
    start: digits(start)(starts),
    fields: [single('first', first), single('second', second), ...grouped(), sets()],
  };
}

const waits_ms = [0, 100, 1_500, 5_000, 60_000] as const;
const actions = ['edit', 'edit', 'observe', 'observe', 'send', 'land', 'land', 'hub edit'] as const;
const fields = [0, 1, 2, 3, 4] as const;

export function stepOf(number: number): Step {
  const pick = digits(number);
  const action = pick(actions);
  const side = pick(sides);
  const wait_ms = pick(waits_ms);
  const field = pick(fields);
  const more = pick(Array.from({ length: 64 }, (_, index) => index));
  if (action === 'edit') return { do: action, wait_ms, side, field, draw: more };
  if (action === 'hub edit') return { do: action, wait_ms, field, draw: more };
  if (action === 'send') return { do: action, wait_ms, side };
  if (action === 'land') return { do: action, wait_ms, side, refused: more % 4 === 3 ? more >> 1 : 0 };
  return { do: action, wait_ms, side, events: more % 2 === 0, torn: more % 16 === 15 ? field : undefined };
}
