import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Invalid } from '../protocol/errors.ts';
import type { Mappings } from '../protocol/mapping.ts';
import { kindOrder } from '../protocol/nouns.ts';
import { parseMapping, type MappingFault } from './parse.ts';

/** Reads every mapping file of a folder. Throws one Invalid that lists each fault with its file, line and column. */
export function loadMappings(folder: string): Mappings {
  const names = readdirSync(folder)
    .filter((name) => name.endsWith('.yaml'))
    .sort();
  const results = names.map((name) => parseMapping(name, readFileSync(join(folder, name), 'utf8')));
  const faults: MappingFault[] = results.flatMap((result) => result.faults);
  const parsed = results.flatMap((result) => result.parsed ?? []);
  // A faulty file may be the one that seems to be missing.
  for (const kind of faults.length === 0 ? kindOrder : []) {
    const count = parsed.filter((one) => one.mapping.kind === kind).length;
    if (count !== 1)
      faults.push({ file: folder, line: 1, column: 1, message: `needs one file for kind ${kind}, found ${count}` });
  }
  if (faults.length > 0) {
    const lines = faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.message}`);
    throw new Invalid(
      `The mappings have ${faults.length === 1 ? 'a fault' : `${faults.length} faults`}:\n${lines.join('\n')}`,
      'Correct the named lines and start again.',
    );
  }
  return {
    kinds: Object.fromEntries(parsed.map((one) => [one.mapping.kind, one.mapping])) as unknown as Mappings['kinds'],
    triggers: parsed.flatMap((one) => one.triggers),
  };
}
