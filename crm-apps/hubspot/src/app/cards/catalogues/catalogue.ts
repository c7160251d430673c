import type { en } from './en.ts';

/** Every language has all texts of the English one; the compiler checks it. */
export type Catalogue = typeof en;
