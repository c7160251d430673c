import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { Run } from '../../../protocol/run.ts';
import { inOrder } from './in-order.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';

export function retention({ view }: SimDb): Pick<TenantTx, 'expireWrites' | 'expireRuns'> {
  return {
    async expireWrites(before_ms, limit) {
      const old = view('writes')
        .all()
        .filter(({ state, sentAt_ms }) => (state === 'confirmed' || state === 'rejected') && sentAt_ms < before_ms);
      return view('writes').change(inOrder(old, ({ sentAt_ms }) => sentAt_ms).slice(0, limit), () => undefined);
    },

    async expireRuns(before_ms, after, limit) {
      const ended = view('runs')
        .all()
        .flatMap((run) => (run.finishedAt_ms === null ? [] : [{ run, id: run.id, finishedAt_ms: run.finishedAt_ms }]))
        .filter(({ finishedAt_ms }) => finishedAt_ms < before_ms);
      const isBehind = (one: { id: string; finishedAt_ms: number }): boolean =>
        !after ||
        one.finishedAt_ms > after.finishedAt_ms ||
        (one.finishedAt_ms === after.finishedAt_ms && one.id > after.id);
      const seen = inOrder(
        ended.filter(isBehind),
        ({ finishedAt_ms }) => finishedAt_ms,
        ({ id }) => id,
      ).slice(0, limit);
      const gone = seen.map(({ run }) => run).filter((run) => !isLatestResult(run));
      for (const { id } of seen) await view('callbacks').change(view('callbacks').find('run', id), () => undefined);
      const goneIds = new Set(gone.map(({ id }) => id));
      const causes = view('runCauses')
        .all()
        .filter(({ runId }) => goneIds.has(runId));
      await view('runCauses').change(causes, () => undefined);
      const removed = await view('runs').change(gone, () => undefined);
      const last = seen.length < limit ? undefined : seen.at(-1);
      return { removed, next: last && { id: last.id, finishedAt_ms: last.finishedAt_ms } };
    },
  };

  /** What a person is shown: it stays however old it is. */
  function isLatestResult(run: Run): boolean {
    const isResult = ({ state, result }: Run): boolean => state === 'succeeded' && result !== null;
    const results = view('runs').find('subject', keyOf(run.job, run.recordId)).filter(isResult);
    const latest = inOrder(
      results,
      ({ queuedAt_ms }) => queuedAt_ms,
      ({ id }) => id,
    ).at(-1);
    return latest?.id === run.id;
  }
}
