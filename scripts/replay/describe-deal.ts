import type { DealView } from '../../hub/view/deal-view.ts';

/** A deal's view as the card shows it, in a few lines. */
export function describeDeal(dealId: string, view: DealView | { status: string }): string {
  if ('status' in view) return `Deal ${dealId}: ${view.status}`;
  const { otherSide, sync, changes, run } = view;
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
