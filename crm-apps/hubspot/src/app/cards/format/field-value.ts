import type { FieldChange } from '../types/deal-view.ts';
import type { Texts } from './texts.ts';

const LONGEST = 80;
/** What Rapport writes itself, anew each time: what stood there before is no news. */
const OWN_TEXTS = new Set(['researchSummary', 'researchedAt']);

const lookUp = (labels: Record<string, string>, key: string): string => labels[key] ?? key;

/** The label of a canonical field; a field without one shows as it is. */
export const fieldLabel = (texts: Texts, field: string): string => lookUp(texts.catalogue.fields, field);

/** A canonical value as a person reads it: stages by label, dates and amounts by locale, long texts cut. */
export const fieldValue = (texts: Texts, field: string, value: string | null): string => {
  if (value === null || value === '') return texts.catalogue.changes.empty;
  if (field === 'stage') return lookUp(texts.catalogue.stages, value);
  if (field === 'amount') return texts.money(value, null);
  if (field === 'closeDate') return texts.date(value);
  if (field === 'researchedAt') return texts.moment(value);
  return value.length > LONGEST ? `${value.slice(0, LONGEST - 1)}…` : value;
};

/** What became of a field, e.g. `Qualified to buy → Contract sent`. */
export const changeText = (texts: Texts, { field, before, after }: FieldChange): string => {
  const labels = texts.catalogue.changes;
  if (field === 'researchSummary' && after) return labels.rewritten;
  if (OWN_TEXTS.has(field)) return fieldValue(texts, field, after);
  return texts.fill(labels.fromTo, {
    before: fieldValue(texts, field, before),
    after: fieldValue(texts, field, after),
  });
};

/** A social network's name; one without a text shows as it is. */
export const networkName = (texts: Texts, network: string): string => lookUp(texts.catalogue.brief.networks, network);

/** Why a network gives no figures, in words; a reason without a text shows as it came. */
export const gapText = (texts: Texts, { code, reason }: { code?: string; reason: string }): string =>
  (code === undefined ? undefined : (texts.catalogue.brief.gaps as Record<string, string>)[code]) ?? reason;

/** Why a field waits, in words; a cause without a text shows as it is. */
export const causeLabel = (texts: Texts, cause: string): string => lookUp(texts.catalogue.causes, cause);
