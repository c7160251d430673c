import type { Texts } from './texts.ts';

const LONGEST = 140;
const DATES = new Set(['closeDate', 'researchedAt']);

const lookUp = (labels: Record<string, string>, key: string): string => labels[key] ?? key;

/** The label of a canonical field; a field without one shows as it is. */
export const fieldLabel = (texts: Texts, field: string): string => lookUp(texts.catalogue.fields, field);

/** A canonical value as a person reads it: stages by label, dates and amounts by locale, long texts cut. */
export const fieldValue = (texts: Texts, field: string, value: string | null): string => {
  if (value === null || value === '') return texts.catalogue.changes.empty;
  if (field === 'stage') return lookUp(texts.catalogue.stages, value);
  if (field === 'amount') return texts.money(value, null);
  if (DATES.has(field)) return texts.date(value);
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
};

/** Why a field waits, in words; a cause without a text shows as it is. */
export const causeLabel = (texts: Texts, cause: string): string => lookUp(texts.catalogue.causes, cause);
