import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Asked } from '../../protocol/run.ts';

/** More runs than this of one job, asked for by changes of one actor within the window, are one bulk change. */
export const mostAtOnce = 20;
export const window_ms = 60_000;

/** For people who look at a run; card and component say it in their own words. */
const message = `More than ${mostAtOnce} were asked for at once: a person starts or cancels them.`;

/** Which of these are bulk changes? Pure. */
export function bulksOf(counts: readonly (Asked & { count: number })[]): Asked[] {
  return counts.filter(({ count }) => count > mostAtOnce).map(({ job, askedBy }) => ({ job, askedBy }));
}

/**
 * Holds what belongs to a bulk change: its runs that nobody has claimed, and each that follows within the window. Call it in
 * the transaction that has started the runs. Two transactions at once do not see each other's: then each counts by itself.
 */
export async function holdBulks(tx: TenantTx, started: readonly Asked[], now_ms: number): Promise<void> {
  const since_ms = now_ms - window_ms;
  const asked = new Map(started.map(({ job, askedBy }) => [JSON.stringify([job, askedBy]), { job, askedBy }]));
  const bulks = bulksOf(await tx.countAsked([...asked.values()], since_ms));
  if (bulks.length === 0) return;
  const held = await tx.holdRuns(bulks, since_ms, message);
  await tx.audit(held.map((subject) => ({ action: 'run.hold', actor: 'rapport', subject, detail: {} })));
}
