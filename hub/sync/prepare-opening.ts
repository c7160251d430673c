import type { Installation, Kind, Link, StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { SyncDeps } from './deps.ts';
import { deriveWrite } from './derive-write.ts';
import { linkMissing } from './link-missing.ts';
import { addFields } from './set-up.ts';
import { lacksOurId, rulesFor } from './sides.ts';

const recordsPerPage = 500;
const place = 'opening';
const done = 'done';

/** A page of the preparation: links for records that the account lacks, or marks on those whose sides differ. */
interface Step {
  kind: Kind;
  what: 'link' | 'mark';
  after: string;
}

/**
 * Prepares an account for writing: adds our fields, gives records that it lacks a link to be created, and marks what differs.
 * Goes on where the last call stopped, a page a transaction, until `end_ms`. True when all is prepared.
 */
export async function prepareOpening(
  deps: SyncDeps,
  installation: Installation,
  kinds: readonly Kind[],
  end_ms: number,
): Promise<boolean> {
  const { tenantId, id } = installation;
  const stored = await deps.store.tenant(tenantId, (tx) => tx.cursor(id, place));
  if (stored === undefined) {
    await addFields(deps, installation);
    await deps.store.tenant(tenantId, (tx) => tx.saveCursor(id, place, textOf(stepAfter(kinds, undefined))));
  }
  let isDone = stored === done;
  while (!isDone && deps.clock.now_ms() < end_ms) {
    isDone = await deps.store.tenant(tenantId, async (tx) => {
      // Read anew each time: the lanes of a tenant's accounts prepare the same ones.
      const current = await tx.cursor(id, place);
      if (current === undefined || current === done) return true;
      const step = JSON.parse(current) as Step;
      const page = step.what === 'link' ? linkPage : markPage;
      const after = await page(deps, tx, installation, step.kind, step.after);
      await tx.saveCursor(id, place, textOf(after === undefined ? stepAfter(kinds, step) : { ...step, after }));
      return false;
    });
  }
  return isDone;
}

const textOf = (step: Step | undefined): string => (step ? JSON.stringify(step) : done);

/** In the transaction that opens: what came since its preparation, and no preparation is left. */
export async function finishOpening(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kinds: readonly Kind[],
): Promise<void> {
  for (const kind of kinds) {
    let after: string | undefined = '';
    while (after !== undefined) after = await linkPage(deps, tx, installation, kind, after);
  }
  await tx.dropCursor(installation.id, place, done);
}

function stepAfter(kinds: readonly Kind[], step: Step | undefined): Step | undefined {
  if (step?.what === 'link') return { kind: step.kind, what: 'mark', after: '' };
  const kind = kinds[step ? kinds.indexOf(step.kind) + 1 : 0];
  return kind && { kind, what: 'link', after: '' };
}

/** Links to be created for one page of records that the account lacks. Answers where the next page begins. */
async function linkPage(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  after: string,
): Promise<string | undefined> {
  // The lanes of a tenant's accounts may come here at once: nobody makes a second link.
  await tx.lockMatching(kind);
  const ids = await tx.recordsWithoutLink(installation.id, kind, after, recordsPerPage);
  await linkMissing(deps, tx, installation, kind, ids);
  return ids.length < recordsPerPage ? undefined : ids.at(-1);
}

/** Marks the writes of one page of linked records whose sides differ. Answers where the next page begins. */
async function markPage(
  deps: SyncDeps,
  tx: TenantTx,
  installation: Installation,
  kind: Kind,
  after: string,
): Promise<string | undefined> {
  const now_ms = deps.clock.now_ms();
  const rules = rulesFor(deps.mapper, kind, installation, 'out');
  const page = await tx.linkedRecords(installation.id, kind, after, recordsPerPage);
  // Read again under the lock: an edit on the other side may have marked the link meanwhile.
  const records = new Map((await tx.lockRecords(page.map(({ record }) => record.id))).map((one) => [one.id, one]));
  const links = (await tx.linksOfRecords([...records.keys()])).filter(
    (link) => link.installationId === installation.id && link.state === 'live' && link.externalId !== null,
  );
  const marked = links.map((link): Link => {
    const record = records.get(link.recordId) as StoredRecord;
    const written = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: new Map() });
    const differs = Object.keys(written).length > 0 || lacksOurId(link);
    return differs ? { ...link, deliverAt_ms: now_ms } : { ...link, deliverAt_ms: null, agreedAt_ms: now_ms };
  });
  await tx.saveLinks(marked);
  return page.length < recordsPerPage ? undefined : page.at(-1)?.record.id;
}
