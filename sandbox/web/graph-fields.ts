/** One wanted field of a Graph API `fields` parameter: `media.limit(3){like_count}`. */
export interface WantedField {
  name: string;
  modifiers: Record<string, string>;
  fields: WantedField[];
}

/** What is wrong with a `fields` parameter, and where (from 0). */
export class FieldSyntaxError extends Error {
  readonly at: number;

  constructor(message: string, at: number) {
    super(message);
    this.at = at;
  }
}

/** Reads field expansion (Graph API docs: field expansion). Throws `FieldSyntaxError`. */
export function parseFields(text: string): WantedField[] {
  let at = 0;
  const take = (pattern: RegExp): string | undefined => {
    const sticky = new RegExp(pattern, 'y');
    sticky.lastIndex = at;
    const found = sticky.exec(text)?.[0];
    if (found !== undefined) at += found.length;
    return found;
  };
  const need = (pattern: RegExp, what: string): string => {
    const found = take(pattern);
    if (found === undefined)
      throw new FieldSyntaxError(`Expected ${what} instead of "${text[at] ?? 'end of string'}".`, at);
    return found;
  };
  const list = (): WantedField[] => {
    const fields = [one()];
    while (take(/,/)) fields.push(one());
    return fields;
  };
  const one = (): WantedField => {
    const field: WantedField = { name: need(/\w+/, 'a field'), modifiers: {}, fields: [] };
    while (take(/\./)) {
      const modifier = need(/\w+/, 'a modifier');
      need(/\(/, '"("');
      field.modifiers[modifier] = need(/[^()]+/, 'a value');
      need(/\)/, '")"');
    }
    if (take(/\{/)) {
      field.fields = list();
      need(/\}/, '"}"');
    }
    return field;
  };
  const fields = list();
  if (at < text.length) throw new FieldSyntaxError(`Expected end of string instead of "${text[at]}".`, at);
  return fields;
}
