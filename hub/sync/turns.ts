import type { Value } from '../../protocol/fields.ts';
import type { Author, FieldStamp, StoredRecord } from '../../protocol/nouns.ts';

/** Sides that took turns so often in a row are automations that answer one another. */
const mostTurns = 3;
const within_ms = 120_000;

/**
 * How often in a row the CRMs have set a field after one another, counted up by this edit. A set is merged by its elements,
 * of which each side adds its own, and nobody says who did. A person's edit, one of the same
 * account, or a late one is no answer and begins anew.
 */
export function turnsAfter(
  before: FieldStamp | undefined,
  edit: { installationId: string; author: Author; at_ms: number; after: Value },
): number {
  if (before === undefined || before.side === 'hub' || before.installationId === edit.installationId) return 0;
  if (Array.isArray(edit.after)) return 0;
  if (edit.author.kind === 'person' || edit.at_ms - before.at_ms > within_ms) return 0;
  return (before.turns ?? 0) + 1;
}

/** Fields that two automations fight over: they are not written until a person sets them. */
export function foughtOver({ stamps }: StoredRecord): string[] {
  return Object.keys(stamps).filter((field) => (stamps[field]?.turns ?? 0) >= mostTurns);
}
