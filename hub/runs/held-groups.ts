import { Invalid } from '../../protocol/errors.ts';
import type { Bell } from '../../protocol/ports/bell.ts';
import type { Clock } from '../../protocol/ports/clock.ts';
import type { Store } from '../../protocol/ports/store.ts';
import type { Asked, Run } from '../../protocol/run.ts';

/** Runs of one bulk change, as the operator sees and names them. */
export interface HeldGroup extends Asked {
  /** `<tenant>/<job>/<who asked>`: what the group is started or cancelled by. */
  group: string;
  tenantId: string;
  /** The name of who asked, where it is a person whom one account alone knows by that id. */
  name: string | null;
  /** ISO. */
  since: string;
  count: number;
  /** What all of them would cost, by the job's last successes at the tenant; null: not known, there are none. */
  expectedCost: Run['cost'] | null;
}

/** Everything that waits for a person, the oldest of each tenant first. */
export async function listHeld(store: Store): Promise<HeldGroup[]> {
  const groups: HeldGroup[] = [];
  for (const { id: tenantId } of await store.tenants()) {
    const [held, people] = await store.tenant(tenantId, async (tx) => {
      const held = await tx.heldRuns();
      return [held, held.length === 0 ? [] : await tx.people()];
    });
    for (const { job, askedBy, count, since_ms, meanCost } of held) {
      const known = people.filter(({ userId }) => askedBy === `person:${userId}`);
      const name = known.length === 1 ? (known[0]?.name ?? null) : null;
      const since = new Date(since_ms).toISOString();
      const expectedCost = meanCost && {
        inputTokens: Math.round(meanCost.inputTokens * count),
        outputTokens: Math.round(meanCost.outputTokens * count),
        fetches: Math.round(meanCost.fetches * count),
      };
      groups.push({
        group: [tenantId, job, askedBy].join('/'),
        tenantId,
        job,
        askedBy,
        name,
        since,
        count,
        expectedCost,
      });
    }
  }
  return groups;
}

/**
 * Starts or cancels what a group holds now, by the operator's word; what follows after it is held anew. Answers how many
 * runs that were. Throws Invalid when nothing is held under the name.
 */
export async function decideHeld(
  { store, bell, clock }: { store: Store; bell: Bell; clock: Clock },
  group: string,
  decision: 'start' | 'cancel',
): Promise<number> {
  const [tenantId = '', job = '', ...rest] = group.split('/');
  const asked = { job, askedBy: rest.join('/') };
  const decided = await store.tenant(tenantId, async (tx) => {
    const now_ms = clock.now_ms();
    const ids =
      decision === 'start'
        ? await tx.releaseRuns(asked, 'admin')
        : await tx.cancelHeld(asked, now_ms, 'Cancelled with all others that were asked for at once.');
    const action = decision === 'start' ? 'run.release' : 'run.cancel';
    await tx.audit(ids.map((subject) => ({ action, actor: 'admin', subject, detail: asked })));
    if (ids.length > 0) await tx.markDue('', 'runs', now_ms);
    return ids.length;
  });
  if (decided === 0) throw new Invalid(`No runs are held as "${group}".`, '`rapport runs` lists what is held.');
  await bell.ring([{ tenantId, installationId: '', lane: 'runs' }]);
  return decided;
}
