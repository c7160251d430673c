import type { Catalogue } from './catalogue.ts';
import { de } from './de.ts';
import { en } from './en.ts';

/** The texts for a user's locale such as `de-de` or `de_DE`; English for all languages without a catalogue. */
export const chooseCatalogue = (locale: string): Catalogue => (/^de\b|^de_/i.test(locale) ? de : en);
