import { readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Script } from './script.ts';

/** A run that once broke an invariant, in its shortest form. */
export interface KeptSeed {
  invariant: string;
  says: string;
  script: Script;
}

const file = join(import.meta.dirname, 'seeds.json');

/** All of them are played by `npm test`, for ever. */
export function keptSeeds(): KeptSeed[] {
  return JSON.parse(readFileSync(file, 'utf8')) as KeptSeed[];
}

export function keepSeed(seed: KeptSeed): void {
  writeFileSync(file, `${JSON.stringify([...keptSeeds(), seed], undefined, 2)}\n`);
}
