/** A field of a CRM object, as far as the hub can meet it. */
export interface SimField {
  name: string;
  type: 'text' | 'email' | 'number' | 'integer' | 'day' | 'instant' | 'option' | 'reference' | 'set' | 'flag';
  /** Characters, where limited. */
  maxLength: number | null;
  required: boolean;
  options: readonly string[] | null;
  readOnly: boolean;
  unique: boolean;
  /** The object that a reference or a set leads to. */
  to: string | null;
}

export type SimSchema = Readonly<Record<string, readonly SimField[]>>;

type More = Partial<Omit<SimField, 'name' | 'type'>>;

export function field(name: string, type: SimField['type'], more: More = {}): SimField {
  const plain = { maxLength: null, required: false, options: null, readOnly: false, unique: false, to: null };
  return { name, type, ...plain, ...more };
}

export function texts(maxLength: number, ...names: string[]): SimField[] {
  return names.map((name) => field(name, 'text', { maxLength }));
}
