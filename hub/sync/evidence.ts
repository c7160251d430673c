import type { Installation, Kind } from '../../protocol/nouns.ts';
import type { Mapper } from '../../protocol/ports/mapper.ts';
import type { InboxItem } from '../../protocol/ports/store.ts';
import type { Evidence } from './reconcile.ts';
import { sideOf } from './sides.ts';

/** What the hints themselves showed, in canonical form and order of time. References are left out: only a re-read resolves them. */
export function evidenceFrom(
  mapper: Mapper,
  installation: Installation,
  about: { kind: Kind; object: string },
  items: readonly InboxItem[],
): Evidence[] {
  const side = sideOf(installation, about);
  return items
    .flatMap(({ event }) => {
      const { fields, held } = mapper.toCanonical(side, event.values, () => undefined);
      const unread = new Set(held.map((one) => one.field));
      const shown = Object.entries(fields).filter(([field]) => !unread.has(field));
      return shown.map(([field, value]) => ({
        field,
        value,
        at_ms: event.occurredAt_ms,
        author: event.author,
      }));
    })
    .sort((a, b) => a.at_ms - b.at_ms);
}
