import type { ParkedAnswer } from '../http/history.ts';
import { ask } from './ask.ts';

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
  if (entries.length === 0) process.stdout.write('Nothing is parked.\n');
  for (const { id, installationId, object, externalId, field, cause, detail, remedy } of entries)
    process.stdout.write(
      `${id}\n  ${installationId} ${object} ${externalId ?? '(to be created)'} ${field ?? ''}: ${cause}\n  ${detail} ${remedy}\n`,
    );
  if (entries.length > 0) process.stdout.write(`Try one again with \`rapport parked ${tenant} --retry ID\`.\n`);
}

/** `rapport parked TENANT --retry ID`. */
export async function retry(tenant: string, id: string): Promise<void> {
  const { cause } = await ask<{ cause: string }>('/api/parked/retry', { tenant, id });
  process.stdout.write(`Tried again (${cause}). It is listed anew if it still cannot go.\n`);
}
