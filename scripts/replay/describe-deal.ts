import type { ViewAnswer } from '../../hub/view/read-deal-view.ts';

/** What the hub answers to a deal's card, in a few lines. */
export function describeDeal(dealId: string, answer: ViewAnswer): string {
  if (answer.status !== 'ok') return `Deal ${dealId}: ${answer.status}`;
  const { otherSide, sync, changes, run } = answer.view;
  const there =
    otherSide.state === 'linked'
      ? `in ${otherSide.vendor}: stage ${otherSide.stage ?? '-'}, amount ${otherSide.amount ?? '-'}, next step ${otherSide.nextStep ?? '-'}`
      : `in ${otherSide.vendor}: ${otherSide.state}`;
  return [
    `Deal ${dealId}: ${sync.state}, last synced ${sync.lastSyncedAt ?? 'never'}`,
    there,
    ...sync.parked.map(({ field, detail }) => `parked ${field}: ${detail}`),
    ...changes
      .slice(0, 3)
      .map(
        ({ at, field, before, after, author }) =>
          `${at} ${field}: ${before ?? '-'} -> ${after ?? '-'} by ${author.name}`,
      ),
    ...(run ? [`research: ${run.state}`] : []),
  ].join('\n  ');
}
