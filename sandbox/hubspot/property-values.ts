import type { PropertyDefinition } from './property-definition.ts';

/** Why a value is refused. `code` is HubSpot's. */
export interface Refusal {
  code: string;
  message: string;
}

export type Parsed = { value: string } | { refusal: Refusal };

/** Values that only the portal knows: its owners, its pipelines' stages. Undefined: anything goes. */
export type ExternalOptions = (definition: PropertyDefinition) => readonly string[] | undefined;

const day_ms = 86_400_000;

/**
 * Checks one value against its definition and gives the canonical string that is stored; '' clears.
 * Dates and times become epoch milliseconds, as HubSpot keeps them and sends them in webhooks.
 */
export function parseValue(definition: PropertyDefinition, given: string, external: ExternalOptions): Parsed {
  if (definition.readOnlyValue) {
    const message = `"${definition.name}" is a read only property; its value cannot be set.`;
    return { refusal: { code: 'READ_ONLY_VALUE', message } };
  }
  if (given === '') return { value: '' };
  switch (definition.type) {
    case 'number':
      return parseNumber(given);
    case 'bool':
      return /^(true|false)$/i.test(given)
        ? { value: given.toLowerCase() }
        : refuse('INVALID_BOOLEAN', `${given} was not a valid boolean.`);
    case 'date':
      return parseDate(given);
    case 'datetime':
      return parseDateTime(given);
    case 'enumeration':
      return parseOption(definition, given, external(definition));
    case 'string':
    case 'phone_number':
      return parseText(definition, given);
  }
}

/** The string an answer shows: date `YYYY-MM-DD`, date and time ISO 8601 in UTC, anything else as stored. */
export function renderValue(definition: PropertyDefinition | undefined, value: string): string {
  if (definition?.type === 'datetime') return instant(Number(value));
  if (definition?.type === 'date') return new Date(Number(value)).toISOString().slice(0, 10);
  return value;
}

/** ISO 8601 as HubSpot's servers print it: no fraction where the milliseconds are zero. */
export function instant(at_ms: number): string {
  return new Date(at_ms).toISOString().replace('.000Z', 'Z');
}

/** Epoch milliseconds of what a client may send as a point in time: epoch milliseconds or ISO 8601. */
export function parseInstant(given: string): number | undefined {
  if (/^-?\d{1,15}$/.test(given)) return Number(given);
  if (!/^\d{4}-\d{2}-\d{2}(T\d{2}:\d{2}(:\d{2}(\.\d{1,9})?)?(Z|[+-]\d{2}:?\d{2}))?$/.test(given)) return undefined;
  const at_ms = Date.parse(given);
  return Number.isNaN(at_ms) || rolledOver(given, at_ms) ? undefined : at_ms;
}

/** `2026-02-30` parses as the second of March; HubSpot refuses it. */
function rolledOver(given: string, at_ms: number): boolean {
  return given.length === 10 && new Date(at_ms).toISOString().slice(0, 10) !== given;
}

function refuse(code: string, message: string): Parsed {
  return { refusal: { code, message } };
}

function parseNumber(given: string): Parsed {
  const value = given.trim();
  return /^-?(\d+\.?\d*|\.\d+)([eE][+-]?\d+)?$/.test(value)
    ? { value }
    : refuse('INVALID_NUMBER', `${given} was not a valid number.`);
}

function parseDate(given: string): Parsed {
  const at_ms = parseInstant(given);
  if (at_ms === undefined) return refuse('INVALID_DATE', `${given} was not a valid date.`);
  if (at_ms % day_ms !== 0) {
    const stray = `${given} is at ${new Date(at_ms).toISOString().slice(11)} UTC, not midnight!`;
    return refuse('INVALID_DATE', stray);
  }
  return { value: String(at_ms) };
}

function parseDateTime(given: string): Parsed {
  const at_ms = parseInstant(given);
  return at_ms === undefined
    ? refuse('INVALID_DATE', `${given} was not a valid long or ISO 8601 date.`)
    : { value: String(at_ms) };
}

function parseOption(definition: PropertyDefinition, given: string, external: readonly string[] | undefined): Parsed {
  if (definition.externalOptions && !external) return { value: given };
  const allowed = external ?? definition.options.map((option) => option.value);
  const chosen = definition.fieldType === 'checkbox' ? given.split(';').filter((one) => one !== '') : [given];
  const stray = chosen.find((one) => !allowed.includes(one));
  if (stray === undefined) return { value: given };
  return refuse('INVALID_OPTION', `${stray} was not one of the allowed options: [${allowed.join(', ')}]`);
}

/** HubSpot docs, notes: "up to 65,536 characters". */
const longest = 65_536;

function parseText(definition: PropertyDefinition, given: string): Parsed {
  if (definition.name === 'email' && definition.hasUniqueValue) {
    const email = given.trim().toLowerCase();
    return /^[^\s@]+@[^\s@]+\.[^\s@.]{2,}$/.test(email)
      ? { value: email }
      : refuse('INVALID_EMAIL', `Email address ${given} is invalid`);
  }
  if (given.length > longest) {
    return refuse('PROPERTY_VALUE_TOO_LONG', `"${definition.name}" is too long: at most ${longest} characters.`);
  }
  return { value: given };
}
