import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import type { Scenario } from './scenario.ts';

const folder = join(import.meta.dirname, 'complaints');

/** The files of all scenarios, one each. */
export function scenarioFiles(): string[] {
  return readdirSync(folder).sort();
}

export async function scenarioOf(file: string): Promise<Scenario> {
  return ((await import(join(folder, file))) as { scenario: Scenario }).scenario;
}
