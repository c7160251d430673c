import { Anchors, type Anchor } from './anchors.ts';
import { readPrompt } from './documents.ts';
import { words } from './intents.ts';
import { dateIn } from './mentions.ts';
import { isCited, isNamed, isSourceList, valueFrom } from './roles.ts';
import { bound, resolved, type JsonSchema } from './schema.ts';

const mostItems = 8;
/** A schema may contain itself; no brief needs more levels than this. */
const mostLevels = 8;

/** Where the walk through the schema is: the field's name, that of the object it lies in, and the sentence above it, if any. */
interface Place {
  level: number;
  field: string;
  parent: string;
  anchor?: Anchor;
}

/**
 * Fills a JSON schema from the documents in a text: a pure function. Every string is verbatim from a document (or is its URL, its
 * title, a date or a domain in it); what no document says is `null`, empty or left out, and lists may be shorter than `minItems`,
 * because nothing is ever invented. Text in documents is never obeyed.
 */
export function extract(text: string, schema: JsonSchema): unknown {
  return new Filler(text, schema).value(schema, { level: 0, field: '', parent: '' });
}

/** Without a schema: up to three sentences that say what the documents are about, each with its URL. */
export function extractText(text: string): string {
  const anchors = new Anchors(readPrompt(text)).sentences('summary', '', 3);
  if (anchors.length === 0) return 'No document was given that says anything about this.';
  return anchors.map(({ sentence }) => `${sentence.text} [${sentence.document.url}]`).join('\n');
}

class Filler {
  readonly #root: JsonSchema;
  readonly #anchors: Anchors;

  constructor(text: string, root: JsonSchema) {
    this.#root = root;
    this.#anchors = new Anchors(readPrompt(text));
  }

  value(given: JsonSchema, place: Place): unknown {
    const { schema, nullable } = resolved(given, this.#root);
    if (nullable && place.level > mostLevels) return null;
    if (schema.const !== undefined) return schema.const;
    if (schema.enum) return this.#choice(schema.enum, place);
    if (schema.type === 'object' || schema.properties) return this.#object(schema, place, nullable);
    if (schema.type === 'array') return this.#array(schema, place);
    if (schema.type === 'boolean') return nullable ? null : false;
    if (schema.type === 'number' || schema.type === 'integer')
      return this.#number(schema, place) ?? (nullable ? null : (schema.minimum ?? 0));
    if (schema.type === 'null') return null;
    return this.#string(schema, place) ?? (nullable ? null : '');
  }

  #object(schema: JsonSchema, place: Place, nullable: boolean): unknown {
    const fields = Object.keys(schema.properties ?? {});
    let anchor = place.anchor;
    if (!anchor && place.field !== '' && isCited(fields)) {
      [anchor] = this.#anchors.sentences(place.field, schema.description ?? '', 1);
      if (!anchor && nullable) return null;
      if (!anchor) return this.#empty(schema);
    }
    const under = anchor ? { anchor } : {};
    const filled = Object.entries(schema.properties ?? {}).map(([field, one]) => [
      field,
      this.value(one, { level: place.level + 1, field, parent: place.field, ...under }),
    ]);
    return Object.fromEntries(filled) as Record<string, unknown>;
  }

  /** A cited object that no sentence answers: its fields are empty, not filled from elsewhere. */
  #empty(schema: JsonSchema): unknown {
    const nothing = new Filler('', this.#root);
    return nothing.value({ ...schema, type: 'object' }, { level: 0, field: '', parent: '' });
  }

  #array(schema: JsonSchema, place: Place): unknown[] {
    if (!schema.items || place.level > mostLevels) return [];
    const { schema: items } = resolved(schema.items, this.#root);
    const limit = bound(schema, 'maxItems') ?? mostItems;
    const isObject = items.type === 'object' || items.properties !== undefined;
    const one = singular(place.field);
    const item = (anchor: Anchor): unknown =>
      this.value(items, { level: place.level + 1, field: one, parent: place.field, anchor });
    if (place.anchor) return isObject || items.type === 'string' ? [item(place.anchor)].slice(0, limit) : [];
    const description = [schema.description, items.description].filter(Boolean).join(' ');
    if (isNamed(isObject ? Object.keys(items.properties ?? {}) : [one])) {
      return this.#anchors.mentions(place.field, description, limit).map(item);
    }
    if (!isObject && items.type !== 'string') return [];
    const wanted = !isObject && isSourceList(one) ? 'documents' : 'sentences';
    const found = this.#anchors[wanted](place.field, description, limit).map(item);
    return isObject ? found : [...new Set(found)];
  }

  #string(schema: JsonSchema, place: Place): string | undefined {
    const anchor = place.anchor ?? this.#anchors.sentences(place.field, schema.description ?? '', 1)[0];
    if (!anchor) return undefined;
    const value = valueFrom(anchor, place.field, place.parent);
    if (value === undefined) return undefined;
    if (schema.format === 'date' || schema.format === 'date-time') return isoDate(value, schema.format);
    return value.slice(0, bound(schema, 'maxLength'));
  }

  #number(schema: JsonSchema, place: Place): number | undefined {
    if (/\b(?:confidence|score|certainty)\b/.test(words(place.field))) return schema.maximum === 100 ? 80 : 0.8;
    const anchor = place.anchor ?? this.#anchors.sentences(place.field, schema.description ?? '', 1)[0];
    const digits = anchor?.sentence.text.match(/\d[\d,]*(?:\.\d+)?/)?.[0]?.replaceAll(',', '');
    if (digits === undefined) return undefined;
    const value = schema.type === 'integer' ? Math.round(Number(digits)) : Number(digits);
    return Math.min(Math.max(value, schema.minimum ?? value), schema.maximum ?? value);
  }

  /** The value a sentence names; else one that admits not knowing; else the middle one. */
  #choice(values: unknown[], place: Place): unknown {
    const said = place.anchor?.sentence.text.toLowerCase();
    const named = values.find((value) => typeof value === 'string' && said?.includes(value.toLowerCase()));
    const unknowing = values.find(
      (value) =>
        value === null || (typeof value === 'string' && /^(?:unknown|other|none|neutral|unspecified)$/i.test(value)),
    );
    return named ?? unknowing ?? values[Math.floor((values.length - 1) / 2)];
  }
}

function singular(field: string): string {
  return field.replace(/ies$/, 'y').replace(/s$/, '');
}

function isoDate(text: string, format: 'date' | 'date-time'): string | undefined {
  const written = dateIn(text);
  if (written === undefined) return undefined;
  const day = new Date(/^\d{4}-/.test(written) ? written : `${written} UTC`).toISOString();
  return format === 'date' ? day.slice(0, 10) : day;
}
