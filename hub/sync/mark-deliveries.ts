import { deriveWrite } from './derive-write.ts';
import { condemn } from './record-deletes.ts';
import { lacksOurId, rulesFor } from './sides.ts';
import { isBusy, recordOf, type WorkingSet } from './working-set.ts';

const nothingRefused = new Map<string, never>();

/**
 * Every live link in which canonical and base now differ wants a write. An account that is still being linked keeps its
 * marks until writing opens; one that only observes gets none.
 */
export function markDeliveries(set: WorkingSet): void {
  for (const link of set.links.values()) {
    const at = set.installations.find((one) => one.id === link.installationId);
    const marks = at?.state === 'writing' || at?.state === 'linking';
    if (!marks || link.state !== 'live' || isBusy(set, link)) continue;
    const record = recordOf(set, link);
    if (record.deletedAt_ms !== null) {
      condemn(set, link);
      continue;
    }
    const rules = rulesFor(set.deps.mapper, record.kind, at, 'out');
    const values = deriveWrite({ rules, canonical: record.fields, base: link.base, refused: nothingRefused });
    if (Object.keys(values).length > 0 || lacksOurId(link)) {
      const notBefore_ms = set.retried.has(link.id) ? (link.deliverAt_ms ?? 0) : 0;
      set.links.set(link.id, { ...link, deliverAt_ms: Math.max(set.now_ms, notBefore_ms) });
      set.applied.deliverTo.add(link.installationId);
      continue;
    }
    const anew = link.agreedAt_ms === null || link.deliverAt_ms !== null || set.touched.has(record.id);
    set.links.set(link.id, {
      ...link,
      attempts: 0,
      deliverAt_ms: null,
      agreedAt_ms: anew ? set.now_ms : link.agreedAt_ms,
    });
  }
}
