import type { OnCreate } from '../protocol/mapping.ts';

/** `today + 90 days`, `local part of FIELD`, or a constant; undefined when it looks like one of the first two and is not. */
export function onCreate(field: string, text: string): OnCreate | undefined {
  const days = /^today \+ (\d+) days$/.exec(text);
  if (days) return { field, from: 'today-plus-days', days: Number(days[1]) };
  const source = /^local part of (\S+)$/.exec(text);
  if (source) return { field, from: 'local-part-of', source: source[1] as string };
  return /^(today|local part)/.test(text) ? undefined : { field, from: 'constant', value: text };
}
