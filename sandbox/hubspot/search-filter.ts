import { validationError } from './errors.ts';
import type { PropertyDefinition } from './property-definition.ts';
import { parseInstant } from './property-values.ts';

export interface Filter {
  propertyName: string;
  operator: string;
  value?: string | undefined;
  highValue?: string | undefined;
  values?: readonly string[] | undefined;
}

type Comparable = number | string;

/** Whether a canonical value meets a filter; undefined is empty. A record's own stamps come as numbers, for speed. */
export type Test = (value: Comparable | undefined) => boolean;

/**
 * Compiles one filter (HubSpot docs, search: operators). Numbers and times compare as numbers, all else as lower-cased text.
 * `IN` and `NOT_IN` on text match only lower-case entries, as HubSpot documents. A value that is missing, or that must not be
 * there, is 400. NEQ also matches where the
 * property is empty; NOT_IN does not.
 */
export function compile(filter: Filter, definition: PropertyDefinition | undefined): Test {
  if (!definition)
    throw validationError(`There was a problem with the request: unknown property ${filter.propertyName}`);
  const read = reader(definition);
  const one = (): Comparable => read(required(filter, 'value'), true);
  switch (filter.operator) {
    case 'HAS_PROPERTY':
      forbid(filter, 'value');
      return (value) => value !== undefined;
    case 'NOT_HAS_PROPERTY':
      forbid(filter, 'value');
      return (value) => value === undefined;
    case 'EQ':
      return compare(read, one(), (a, b) => a === b);
    case 'NEQ': {
      const wanted = one();
      return (value) => value === undefined || read(value) !== wanted;
    }
    case 'LT':
      return compare(read, one(), (a, b) => a < b);
    case 'LTE':
      return compare(read, one(), (a, b) => a <= b);
    case 'GT':
      return compare(read, one(), (a, b) => a > b);
    case 'GTE':
      return compare(read, one(), (a, b) => a >= b);
    case 'BETWEEN': {
      const low = one();
      const high = read(required(filter, 'highValue'), true);
      return (value) => value !== undefined && read(value) >= low && read(value) <= high;
    }
    case 'IN':
    case 'NOT_IN':
      return membership(filter, definition, read);
    case 'CONTAINS_TOKEN':
      return tokens(required(filter, 'value'));
    case 'NOT_CONTAINS_TOKEN': {
      const contains = tokens(required(filter, 'value'));
      return (value) => !contains(value);
    }
    default:
      throw validationError(`Invalid operator ${filter.operator}`);
  }
}

function membership(filter: Filter, definition: PropertyDefinition, read: ReturnType<typeof reader>): Test {
  forbid(filter, 'value');
  const values = filter.values ?? [];
  if (values.length === 0) throw validationError(`operator ${filter.operator} requires values`);
  const text = definition.type === 'string' || definition.type === 'phone_number';
  const wanted = new Set<Comparable>(text ? values : values.map((value) => read(value, true)));
  const isIn: Test = (value) => value !== undefined && wanted.has(read(value));
  return filter.operator === 'IN' ? isIn : (value) => value !== undefined && !isIn(value);
}

function compare(
  read: ReturnType<typeof reader>,
  wanted: Comparable,
  holds: (a: Comparable, b: Comparable) => boolean,
): Test {
  return (value) => value !== undefined && holds(read(value), wanted);
}

/** How a value of this property compares. `given` marks a filter's own value, which may be ISO 8601 and may be wrong. */
export function reader(definition: PropertyDefinition): (value: Comparable, given?: boolean) => Comparable {
  if (definition.type === 'date' || definition.type === 'datetime') {
    return (value, given) => {
      if (!given) return Number(value);
      const at_ms = parseInstant(String(value));
      if (at_ms === undefined) throw validationError(`${value} is not a valid date for ${definition.name}`);
      return at_ms;
    };
  }
  if (definition.type === 'number') {
    return (value, given) => {
      const number = Number(value);
      if (given && (String(value).trim() === '' || Number.isNaN(number)))
        throw validationError(`${value} is not a valid number for ${definition.name}`);
      return number;
    };
  }
  return (value) => String(value).toLowerCase();
}

/** Words of the value, `*` at an end standing for the rest of a word. All words asked must be there. */
function tokens(asked: string): Test {
  const patterns = split(asked.toLowerCase(), /[^\p{L}\p{N}*]+/u).map((token) => {
    const body = token.replaceAll('*', '.*');
    return new RegExp(`^${body}$`, 'u');
  });
  return (value) => {
    const words = split(String(value ?? '').toLowerCase(), /[^\p{L}\p{N}]+/u);
    return patterns.length > 0 && patterns.every((pattern) => words.some((word) => pattern.test(word)));
  };
}

function split(text: string, between: RegExp): string[] {
  return text.split(between).filter((part) => part !== '');
}

function required(filter: Filter, field: 'value' | 'highValue'): string {
  const value = filter[field];
  if (value === undefined) throw validationError(`operator ${filter.operator} requires a ${field}`);
  return value;
}

function forbid(filter: Filter, field: 'value'): void {
  if (filter[field] !== undefined) throw validationError(`operator ${filter.operator} does not allow a ${field}`);
}
