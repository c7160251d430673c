import { createContext, useContext } from 'react';
import { createTexts, type Texts } from '../format/texts.ts';

export const TextsContext = createContext<Texts>(createTexts('en'));

/** The signed-in user's language. */
export const useTexts = (): Texts => useContext(TextsContext);
