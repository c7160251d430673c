import type { Fault, Faults } from '../kit/faults.ts';

/** What a planted fault does to one call: what the model says instead, or how the call fails. */
export interface ModelFault {
  kind: 'nonsense' | 'refusal' | 'timeout' | 'status';
  params: Record<string, unknown>;
}

const kinds = ['timeout', 'status', 'refusal', 'nonsense'] as const;

/**
 * Takes the next armed fault for a call. Facts to match: `vendor` (`openai`, `anthropic`), `path`.
 * - `model.timeout`: never answers.
 * - `model.status`: answers `params.status` (400 and more) in the vendor's shape; with `params.retryAfter_s`, a Retry-After.
 * - `model.refusal`: declines, as the vendor says it.
 * - `model.nonsense`: breaks off in the middle of its JSON; with `params.kind: 'schema'`, valid JSON of another shape.
 */
export function takeFault(faults: Faults, vendor: 'openai' | 'anthropic', path: string): ModelFault | undefined {
  for (const kind of kinds) {
    const fault: Fault | undefined = faults.take(`model.${kind}`, { vendor, path });
    if (fault) return { kind, params: fault.params };
  }
  return undefined;
}
