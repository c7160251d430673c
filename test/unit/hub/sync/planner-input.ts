import type { FieldRule } from '../../../../protocol/mapping.ts';
import type { FieldStamp } from '../../../../protocol/nouns.ts';
import type { Evidence, ReconcileInput } from '../../../../hub/sync/reconcile.ts';

/** Seconds of the tests' clock, as the planner takes them. */
export const at = (seconds: number): number => 1_700_000_000_000 + seconds * 1_000;

export function fieldRule(rule: Partial<FieldRule> = {}): FieldRule {
  return { name: 'field', type: 'text', rule: 'newest', tie: 'salesforce', group: null, order: [], ...rule };
}

export const person: Evidence['author'] = { kind: 'person', userId: 'u1' };
export const rapport: Evidence['author'] = { kind: 'rapport', userId: null };

export const setAt = (seconds: number, side: FieldStamp['side']): FieldStamp => ({
  at_ms: at(seconds),
  side,
  ...(side !== 'hub' && { installationId: side }),
});

/** A row of HubSpot read at 100 s, last read at 50 s, in which nothing differs. */
export function reading(input: Partial<ReconcileInput>): ReconcileInput {
  return {
    side: 'hubspot',
    installationId: 'hubspot',
    rules: [fieldRule()],
    canonical: {},
    stamps: {},
    base: {},
    sent: null,
    defaulted: new Set(),
    observed: {},
    observedAt_ms: at(100),
    previousAt_ms: at(50),
    author: person,
    evidence: [],
    ...input,
  };
}
