import { Gone, Rejected } from '../../protocol/errors.ts';
import type { RunDeps } from './deps.ts';

const atOnce = 20;

/** Ends the workflow steps that wait for finished runs. True while some could not be told yet. */
export async function tellCallbacks(deps: RunDeps, tenantId: string): Promise<boolean> {
  const untold = await deps.store.tenant(tenantId, (tx) => tx.untoldCallbacks(atOnce));
  let left = false;
  for (const { callback, run } of untold) {
    try {
      const api = await deps.crm.api(tenantId, callback.installationId);
      const succeeded = run.state === 'succeeded';
      await api.completeCallback?.(callback.callbackId, {
        hs_execution_state: succeeded ? 'SUCCESS' : 'FAIL_CONTINUE',
        research_outcome: succeeded ? 'succeeded' : 'failed',
      });
      await deps.store.tenant(tenantId, (tx) => tx.saveCallback({ ...callback, state: 'completed' }));
    } catch (error) {
      // The step expired or was removed: nobody waits any more.
      const over = error instanceof Gone || error instanceof Rejected;
      if (over) await deps.store.tenant(tenantId, (tx) => tx.saveCallback({ ...callback, state: 'expired' }));
      left ||= !over;
      deps.log.warn({ run: run.id, error: (error as Error).name }, 'a workflow step could not be told');
    }
  }
  return left || untold.length === atOnce;
}
