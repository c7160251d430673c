import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Store } from '../../protocol/ports/store.ts';
import { onlyObserves } from '../../protocol/only-observes.ts';
import { queuedRun } from '../../protocol/run.ts';

/** Who asked for a run: a person's click, or a workflow step that waits for it. */
export type Asker = { click: string; userId: string } | { callbackId: string; installationId: string };

/**
 * Starts a job for a record, or joins the unfinished run of that job and record; one that is held goes on when a person
 * clicks. The same click or callback twice is one run. Answers the run's id; that it is refused where all accounts are only
 * observed, since the result could be written nowhere.
 */
export async function startRun(
  deps: { store: Store; bell: Bell; clock: Clock; ids: Ids },
  tenantId: string,
  wanted: { job: string; recordId: string },
  asker: Asker,
): Promise<{ runId: string; started: boolean } | { refused: 'observing' }> {
  const [causeId, askedBy, askedWith] =
    'click' in asker
      ? ([`click:${asker.click}`, `person:${asker.userId}`, 'click'] as const)
      : ([`callback:${asker.callbackId}`, 'automation', 'callback'] as const);
  const asked = { ...wanted, cause: { lane: 'event', id: causeId }, askedBy, askedWith } as const;
  const result = await deps.store.tenant(tenantId, async (tx) => {
    if (onlyObserves(await tx.installations())) return { refused: 'observing' } as const;
    const now_ms = deps.clock.now_ms();
    const { run, started } = await tx.startRun(queuedRun(deps.ids.next(), tenantId, asked, now_ms));
    const released = askedWith === 'click' && !started ? await tx.releaseRuns({ runId: run.id }, askedBy) : [];
    if ('callbackId' in asker)
      await tx.addCallback({
        runId: run.id,
        installationId: asker.installationId,
        callbackId: asker.callbackId,
        state: 'waiting',
      });
    const detail = { job: wanted.job, record: wanted.recordId };
    const actions = [started ? 'run.start' : 'run.join', ...released.map(() => 'run.release')];
    await tx.audit(actions.map((action) => ({ action, actor: askedBy, subject: run.id, detail })));
    await tx.markDue('', 'runs', now_ms);
    return { runId: run.id, started };
  });
  if (!('refused' in result)) await deps.bell.ring([{ tenantId, installationId: '', lane: 'runs' }]);
  return result;
}
