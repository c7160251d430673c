import type { FieldChange } from '../types/deal-view.ts';
import type { Texts } from './texts.ts';

/** Who made a change and where: a person or an automation in a CRM, named where the CRM names them, or Rapport itself. */
export const changeAuthor = (texts: Texts, { author, vendor }: FieldChange): string => {
  const { changes, vendors } = texts.catalogue;
  if (author.kind === 'rapport') return vendors.rapport;
  const byAutomation = author.kind === 'automation';
  const text = byAutomation && author.name !== '' ? changes.automationIn : changes.authorIn;
  const name = author.name || (byAutomation ? changes.automation : changes.someone);
  return texts.fill(text, { name, vendor: vendors[vendor] });
};
