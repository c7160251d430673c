import { Annotation, END, START, StateGraph } from '@langchain/langgraph';
import type { JobOutcome } from '../../protocol/job.ts';
import { askSocial } from './ask-social.ts';
import type { BriefSocial } from './brief.ts';
import { checkClaims, type CheckedDraft } from './check-claims.ts';
import { fileReport } from './file-report.ts';
import { together, type Gathered } from './gathered.ts';
import type { Company, ResearchInput } from './input.ts';
import { makeBrief } from './make-brief.ts';
import { plan, type Plan } from './plan.ts';
import { readSite } from './read-site.ts';
import { searchWeb } from './search-web.ts';
import type { Tools } from './tools.ts';
import { writeDraft, type Writing } from './write-draft.ts';

const State = Annotation.Root({
  plan: Annotation<Plan>,
  site: Annotation<Gathered>,
  found: Annotation<Gathered>,
  social: Annotation<BriefSocial[]>,
  writing: Annotation<Writing>,
  checked: Annotation<CheckedDraft | null>,
  outcome: Annotation<JobOutcome>,
});
type Given = typeof State.State;

/**
 *            +-> readSite ----+
 *   plan ----+-> searchWeb ---+--> write --> check --> file
 *            +-> askSocial ---+
 *
 * The model sees text in `write` alone, has no tools there, and `check` decides without a model what of its answer is shown.
 */
export async function runGraph(input: ResearchInput, company: Company, tools: Tools): Promise<JobOutcome> {
  const { signal } = tools.ports;
  const graph = new StateGraph(State)
    .addNode('planning', async () => {
      await tools.tell('planning', null);
      const planned = await plan(company, tools);
      await tools.finish('planning');
      return { plan: planned };
    })
    .addNode('readSite', async ({ plan }: Given) => {
      const site = await readSite(plan.site, tools);
      await tools.finish('reading');
      return { site };
    })
    .addNode('searchWeb', async ({ plan }: Given) => {
      const found = await searchWeb(plan, tools);
      await tools.finish('searching');
      return { found };
    })
    .addNode('askSocial', async ({ plan }: Given) => {
      const social = await askSocial({ name: plan.brand, domain: plan.site }, tools);
      await tools.finish('social');
      return { social };
    })
    .addNode('write', async ({ plan, site, found }: Given) => {
      const writing = await writeDraft(company, plan.site, together([site, found]).pages, tools);
      await tools.finish('writing');
      return { writing };
    })
    .addNode('check', ({ plan, writing }: Given) => ({
      checked: writing.kind === 'written' ? checkClaims(writing.draft, writing.pages, plan) : null,
    }))
    .addNode('file', async (state: Given) => {
      await tools.tell('filing', null);
      const outcome = outcomeOf(input, company, state, tools);
      await tools.finish('filing');
      return { outcome };
    })
    .addEdge(START, 'planning')
    .addEdge('planning', 'readSite')
    .addEdge('planning', 'searchWeb')
    .addEdge('planning', 'askSocial')
    .addEdge(['readSite', 'searchWeb', 'askSocial'], 'write')
    .addEdge('write', 'check')
    .addEdge('check', 'file')
    .addEdge('file', END)
    .compile();
  const { outcome } = await graph.invoke({}, { signal });
  signal.throwIfAborted();
  return outcome;
}

function outcomeOf(input: ResearchInput, company: Company, state: Given, { ports, budget }: Tools): JobOutcome {
  const { plan, site, found, social, writing, checked } = state;
  const all = together([site, found]);
  const companyName = company.name;
  const pages = writing.kind === 'written' ? writing.pages : all.pages;
  const brief = makeBrief({
    checked,
    without: withoutText(companyName, writing),
    pages,
    social,
    model: ports.model.label,
    now_ms: ports.clock.now_ms(),
  });
  const gaps = [...plan.gaps, ...all.gaps];
  const hasText = checked !== null && checked.offering.length + checked.summary.length > 0;
  return fileReport(input, brief, { companyName, gaps, isPartial: budget.ended, hasText }, budget.cost);
}

function withoutText(name: string, { kind }: Writing): string {
  if (kind === 'out_of_budget') return `The budget of this research ended before anything was written about ${name}.`;
  if (kind === 'nothing_read') return `No public page about ${name} was found that could be read.`;
  return `Nothing could be said about ${name} that a page backs.`;
}
