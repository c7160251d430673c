import type { ParkedAnswer } from '../http/parked.ts';
import { ask } from './ask.ts';
import { parkedLines } from './parked-lines.ts';

/** `rapport parked TENANT`: what waits, why, and what to do. */
export async function parked(tenant: string, options: { json?: boolean }): Promise<void> {
  const entries: ParkedAnswer['parked'] = [];
  for (let after: string | null = ''; after !== null;) {
    const page: ParkedAnswer = await ask(`/api/parked?${new URLSearchParams({ tenant, after }).toString()}`);
    entries.push(...page.parked);
    after = page.next;
  }
  if (options.json) {
    process.stdout.write(`${JSON.stringify(entries, null, 2)}\n`);
    return;
  }
  const lines = entries.length === 0 ? ['Nothing is parked.'] : parkedLines(tenant, entries);
  process.stdout.write(`${lines.join('\n')}\n`);
}

/** `rapport parked TENANT --retry ID`. */
export async function retry(tenant: string, id: string): Promise<void> {
  const { cause } = await ask<{ cause: string }>('/api/parked/retry', { tenant, id });
  process.stdout.write(`Tried again (${cause}). It is listed anew if it still cannot go.\n`);
}
