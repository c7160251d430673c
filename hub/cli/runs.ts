import type { DecidedAnswer, HeldAnswer } from '../http/runs.ts';
import { ask } from './ask.ts';

/** `rapport runs`: what waits for a person, and what it would cost. */
export async function runs(options: { json?: boolean }): Promise<void> {
  const { held } = await ask<HeldAnswer>('/api/runs');
  if (options.json) {
    process.stdout.write(`${JSON.stringify(held, null, 2)}\n`);
    return;
  }
  if (held.length === 0) process.stdout.write('No runs are held.\n');
  for (const { group, count, job, name, askedBy, since, expectedCost } of held) {
    const cost = expectedCost
      ? `about ${expectedCost.inputTokens} tokens in, ${expectedCost.outputTokens} out, ${expectedCost.fetches} pages`
      : 'not known, no run of this job has succeeded here';
    process.stdout.write(
      `${group}\n  ${count} ${job}, asked for by ${name ?? askedBy} since ${since}\n  cost: ${cost}\n`,
    );
  }
  if (held.length > 0)
    process.stdout.write('Start them with `rapport runs start GROUP`, or end them with `rapport runs cancel GROUP`.\n');
}

/** `rapport runs start GROUP`, `rapport runs cancel GROUP`. */
export async function decideRuns(decision: 'start' | 'cancel', group: string): Promise<void> {
  const { count } = await ask<DecidedAnswer>(`/api/runs/${decision}`, { group });
  process.stdout.write(`${count} ${decision === 'start' ? 'started' : 'cancelled'}.\n`);
}
