import { Reconnect, RetryLater } from '../../protocol/errors.ts';
import { faultForLog } from '../../protocol/fault-for-log.ts';
import type { InboxItem } from '../../protocol/ports/store.ts';
import { applyObservations } from './apply-observations.ts';
import type { SyncDeps } from './deps.ts';
import type { Observation, Rows } from './observation.ts';
import { lostParents } from './lost-parents.ts';
import { postponeItems } from './postpone.ts';

/**
 * Applies observed rows in one transaction, and rings for what it set off. A bad row stops no other: when the transaction
 * fails of itself, each row goes alone, and a row that fails alone is parked with its hints. Answers the rows of which nothing
 * was decided. Throws RetryLater while the database does not answer.
 */
export async function applyApart(
  deps: SyncDeps,
  rows: Rows,
  observations: readonly Observation[],
): Promise<ReadonlySet<string>> {
  const lost = await lostParents(deps, rows, observations);
  return applyEach(
    deps,
    rows,
    observations.map((one) => ({ ...one, lost })),
  );
}

async function applyEach(
  deps: SyncDeps,
  rows: Rows,
  observations: readonly Observation[],
): Promise<ReadonlySet<string>> {
  const { tenantId } = rows.installation;
  let applied;
  try {
    applied = await deps.store.tenant(tenantId, async (tx) => {
      const result = await applyObservations(deps, tx, rows.installation, rows.about, observations);
      const again = new Set(result.again);
      await postponeItems(
        deps,
        tx,
        observations.flatMap((one) => one.items.filter((item) => again.has(item.id))),
      );
      return result;
    });
  } catch (error) {
    if (error instanceof RetryLater || error instanceof Reconnect) throw error;
    const [first, ...others] = observations;
    if (first && others.length === 0) await parkPoison(deps, rows, first, error as Error);
    const undecided = new Set<string>(others.length === 0 && first ? [first.row.externalId] : []);
    if (others.length > 0)
      for (const one of observations) for (const id of await applyEach(deps, rows, [one])) undecided.add(id);
    return undecided;
  }
  await deps.bell.ring([
    ...[...applied.deliverTo].map((installationId) => ({ tenantId, installationId, lane: 'deliver' as const })),
    ...(applied.wokeHints ? [{ tenantId, installationId: rows.installation.id, lane: 'observe' as const }] : []),
    ...(applied.startedRuns ? [{ tenantId, installationId: '', lane: 'runs' as const }] : []),
  ]);
  return applied.undecided;
}

/** Only the class of the error is kept: its message may quote the row. */
async function parkPoison(deps: SyncDeps, rows: Rows, { row, items }: Observation, error: Error): Promise<void> {
  const { externalId } = row;
  const where = { installation: rows.installation.id, object: rows.about.object, externalId };
  deps.log.error({ ...where, ...faultForLog(error) }, 'a row could not be taken in');
  const remedy = 'It is looked at again when it changes. If it still waits then, report it with its id.';
  await parkRow(deps, rows, { externalId, items }, { detail: error.name, remedy });
}

/** A row that cannot be taken in, with its hints. Parked, it is looked at again when it changes. */
export async function parkRow(
  deps: SyncDeps,
  { installation, about, known }: Rows,
  { externalId, items }: { externalId: string; items: readonly InboxItem[] },
  why: { detail: string; remedy: string },
): Promise<void> {
  const { object } = about;
  await deps.store.tenant(installation.tenantId, async (tx) => {
    await tx.park([
      {
        id: deps.ids.next(),
        installationId: installation.id,
        object,
        externalId,
        recordId: known.get(`${object}:${externalId}`)?.recordId ?? null,
        field: null,
        cause: 'unreadable',
        ...why,
        value: null,
        waitsFor: null,
        at_ms: deps.clock.now_ms(),
      },
    ]);
    await tx.finishInbox(items.map((item) => ({ id: item.id, outcome: 'parked' })));
  });
}
