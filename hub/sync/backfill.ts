import type { CrmApi } from '../../protocol/crm-connector.ts';
import { kindOrder } from '../../protocol/nouns.ts';
import type { WorkAddress } from '../../protocol/ports/bell.ts';
import type { SyncDeps } from './deps.ts';
import { hint } from './hint.ts';
import { openWriting } from './open-writing.ts';
import { setUp } from './set-up.ts';
import { objectFor } from './sides.ts';

const background = { lane: 'background', what: 'backfill' } as const;
const drained_ms = 200;
const done = 'done';

/**
 * One page of the first load of an installation: ids and stamps become hints in the inbox, parents' objects first, each
 * with its position in the same transaction. When all pages are in and looked at, writing opens.
 * Answers when to go on, or undefined when nothing is left.
 */
export async function backfillPage(
  deps: SyncDeps,
  { tenantId, installationId }: WorkAddress,
): Promise<number | undefined> {
  await prepare(deps, tenantId, installationId);
  const next = await deps.store.tenant(tenantId, async (tx) => {
    const installation = (await tx.installations()).find((one) => one.id === installationId);
    if (!installation || installation.state === 'disconnected') return undefined;
    for (const kind of kindOrder) {
      const object = objectFor(deps.mapper, kind, installation)?.object;
      if (object === undefined || deps.mapper.mappings.kinds[kind].ours) continue;
      const position = await tx.cursor(installationId, `backfill:${object}`);
      if (position !== done) return { installation, object, position };
    }
    return { installation, object: undefined, position: undefined };
  });
  if (!next) return undefined;
  const { installation, object, position } = next;
  if (object === undefined) {
    if (installation.state === 'writing') return undefined;
    // Unconfirmed, the account only observes: confirming marks this lane due again.
    if (!installation.confirmed) return undefined;
    const opened = await openWriting(deps, tenantId);
    if (opened === 'opened') return undefined;
    return deps.clock.now_ms() + (opened === 'more' ? 0 : drained_ms);
  }
  const api: CrmApi = await deps.crm.api(tenantId, installationId);
  const page = await api.list(object, position, background);
  await deps.store.receive([
    {
      tenantId,
      installationId,
      events: page.rows.map((row) => hint(installation, object, row, 'backfill')),
      cursor: { name: `backfill:${object}`, value: page.next ?? done },
    },
  ]);
  await deps.bell.ring([{ tenantId, installationId, lane: 'observe' }]);
  // What changed while it was loaded is seen at once: until a poll was whole every write looks first.
  if (page.next === undefined) await markPoll(deps, tenantId, installationId);
  return deps.clock.now_ms();
}

/** The first ring of a newly connected account sets it up and starts its poll lane. */
async function prepare(deps: SyncDeps, tenantId: string, installationId: string): Promise<void> {
  const isDone = await deps.store.tenant(tenantId, async (tx) => (await tx.cursor(installationId, 'set-up')) === done);
  if (isDone) return;
  await setUp(deps, tenantId, installationId);
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.saveCursor(installationId, 'set-up', done);
    await tx.markDue(installationId, 'poll', deps.clock.now_ms());
  });
}

async function markPoll(deps: SyncDeps, tenantId: string, installationId: string): Promise<void> {
  await deps.store.tenant(tenantId, (tx) => tx.markDue(installationId, 'poll', deps.clock.now_ms()));
  await deps.bell.ring([{ tenantId, installationId, lane: 'poll' }]);
}
