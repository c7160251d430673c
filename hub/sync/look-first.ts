import type { CrmApi } from '../../protocol/crm-connector.ts';
import type { Installation, Kind, Link } from '../../protocol/nouns.ts';
import { applyApart } from './apply-apart.ts';
import type { SyncDeps } from './deps.ts';
import { lookAgain } from './look-again.ts';
import { readApart } from './read-apart.ts';

const unreadablePause_ms = 60_000;
/** A reading that came from a copy that lags, or a write that was not answered yet. */
const undecidedPause_ms = 1_000;

/**
 * Reads rows that are to be written and reconciles what they show, as any other look: what was edited there unseen is decided
 * by the field's rule. A row that cannot be read is not written over; it is tried again later. One that is not found may be
 * gone: a hint asks for it until that is certain.
 */
export async function lookFirst(
  deps: SyncDeps,
  installation: Installation,
  about: { kind: Kind; object: string },
  links: readonly Link[],
): Promise<void> {
  const { tenantId, id } = installation;
  const api: CrmApi = await deps.crm.api(tenantId, id);
  const readAt_ms = deps.clock.now_ms();
  const fields = deps.mapper.fieldsToRead(about.kind, installation.vendor, about.object, true);
  const externalIds = links.flatMap((link) => link.externalId ?? []);
  const purpose = { lane: 'interactive', what: 'look-first' } as const;
  const page = { object: about.object, externalIds, fields, purpose, turn: readAt_ms };
  const { rows, missing, unreadable } = await readApart(api, page);
  const known = new Map(links.map((link) => [`${link.object}:${link.externalId}`, link]));
  const seen = { readAt_ms, asked: fields, lane: 'poll', items: [] } as const;
  const undecided = await applyApart(
    deps,
    { installation, about, known },
    rows.map((row) => ({ ...seen, row })),
  );
  const unread = new Set([...missing, ...undecided, ...unreadable.map(({ externalId }) => externalId)]);
  const recordIds = links.filter((link) => unread.has(String(link.externalId))).map((link) => link.recordId);
  if (recordIds.length === 0) return;
  const now_ms = deps.clock.now_ms();
  const notFound = new Set(missing);
  await deps.store.tenant(tenantId, async (tx) => {
    await tx.lockRecords(recordIds);
    const ids = new Set(links.map((link) => link.id));
    const current = (await tx.linksOfRecords(recordIds)).filter((link) => ids.has(link.id));
    await tx.saveLinks(
      current.map((link) => ({
        ...link,
        attempts: link.attempts + 1,
        // The hint makes it due again where the row is there after all.
        deliverAt_ms: notFound.has(String(link.externalId))
          ? null
          : now_ms + (undecided.has(String(link.externalId)) ? undecidedPause_ms : unreadablePause_ms),
      })),
    );
    const hints = missing.map((externalId) =>
      lookAgain(`missing-${about.object}-${externalId}-${now_ms}`, { object: about.object, externalId }, now_ms),
    );
    await tx.addInbox(id, hints);
    if (hints.length > 0) await tx.markDue(id, 'observe', now_ms);
  });
}
