import type { FieldChange } from '../types/deal-view.ts';
import type { Texts } from './texts.ts';

/** Who made a change and where: a person or an automation in a CRM, or Rapport itself. */
export const changeAuthor = (texts: Texts, { author, vendor }: FieldChange): string => {
  const { changes, vendors } = texts.catalogue;
  if (author.kind === 'rapport') return vendors.rapport;
  const text = author.kind === 'automation' ? changes.automationIn : changes.authorIn;
  return texts.fill(text, { name: author.name, vendor: vendors[vendor] });
};
