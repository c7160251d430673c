import { Invalid } from '../../protocol/errors.ts';
import type { Job } from '../../protocol/job.ts';
import { Budget, type ResearchLimits } from './budget.ts';
import { researchInput, type ResearchInput } from './input.ts';
import { Tools } from './tools.ts';

const usualLimits: ResearchLimits = { time_ms: 120_000, tokens: 80_000, fetches: 30 };

/**
 * Research of the company behind a deal: its own public pages, what others write, social figures, and a brief in which every statement
 * stands on a page that was read. Files one `research_report` (key `report`) and the deal's `researchSummary` and `researchedAt`; the
 * result is a `Brief`.
 *
 * Throws Invalid where there is nothing to research or no model may be used, and what the model throws (nonsense, refusal, key,
 * overload): without its text there is no report. A budget that ends gives what there is, marked as partial; an aborted signal throws.
 */
export function makeResearchJob(limits: Partial<ResearchLimits> = {}): Job<ResearchInput> {
  const all = { ...usualLimits, ...limits };
  return {
    kind: 'research',
    version: 1,
    input: researchInput,
    limits: all,
    async perform(input, ports) {
      ports.signal.throwIfAborted();
      if (!input.company)
        throw new Invalid('This deal has no company.', 'Link the deal to a company, then start the research again.');
      if (!input.aiEnabled)
        throw new Invalid(
          'Models are switched off for this account.',
          'An admin must allow them before research can run.',
        );
      // Loaded at the first run: it takes half a second that the start of the hub does not have.
      const { runGraph } = await import('./graph.ts');
      const budget = new Budget(all, ports);
      try {
        return await runGraph(input, input.company, new Tools(ports, budget));
      } finally {
        budget.close();
      }
    },
  };
}

export const researchJob = makeResearchJob();
