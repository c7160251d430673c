import { RetryLater } from '../../protocol/errors.ts';
import type { ModelDocument } from '../../protocol/model.ts';
import { unlessAborted } from '../../protocol/unless-aborted.ts';
import { draftSchema, type Draft } from './draft-schema.ts';
import type { ReadPage } from './gathered.ts';
import type { Company } from './input.ts';
import { instruction, system } from './prompt.ts';
import type { Tools } from './tools.ts';

/** What became of the writing; `pages` are those that the model was given. */
export type Writing =
  | { kind: 'written'; draft: Draft; pages: ReadPage[] }
  | { kind: 'nothing_read' }
  | { kind: 'out_of_budget' };

const mostOutput_tokens = 4_000;
const mostPerPage_characters = 8_000;
/** For the prompt, the schema and the faults of a repair. */
const overhead_tokens = 2_000;
/** Fewer than the usual four: other languages than English need more tokens. */
const charactersPerToken = 3;
const mostAttempts = 3;

/**
 * Lets the model write from the pages. What it answers with nonsense, refuses, or may not do is thrown: a report without its text would
 * look like a finding. Only a budget that ends gives a result without text.
 */
export async function writeDraft(
  company: Company,
  site: string | null,
  pages: readonly ReadPage[],
  tools: Tools,
): Promise<Writing> {
  if (pages.length === 0) return tools.budget.ended ? { kind: 'out_of_budget' } : { kind: 'nothing_read' };
  const used = withinTokens(pages, tools.budget.limits.tokens);
  if (used.length < pages.length) tools.budget.end();
  if (used.length === 0) return { kind: 'out_of_budget' };
  await tools.tell('writing', tools.ports.model.label);
  const draft = await ask(company, site, used.map(documentOf), tools);
  return draft ? { kind: 'written', draft, pages: used } : { kind: 'out_of_budget' };
}

/** A repair sends everything again, so half of the tokens are for the first call. */
function withinTokens(pages: readonly ReadPage[], tokens: number): ReadPage[] {
  let left = ((tokens - 2 * (mostOutput_tokens + overhead_tokens)) / 2) * charactersPerToken;
  return pages.filter((page) => {
    left -= Math.min(page.text.length, mostPerPage_characters) + page.title.length + page.url.length;
    return left >= 0;
  });
}

function documentOf({ url, title, text }: ReadPage): ModelDocument {
  return { url, title, text: text.slice(0, mostPerPage_characters) };
}

/** An overloaded model is asked again while there is time; undefined: the time passed. */
async function ask(
  company: Company,
  site: string | null,
  documents: ModelDocument[],
  { ports, budget }: Tools,
): Promise<Draft | undefined> {
  let wait_ms = 0;
  for (let attempt = 1; ; attempt++) {
    try {
      if (wait_ms > 0) await ports.clock.sleep(wait_ms, budget.whole);
      const request = {
        system,
        instruction: instruction(company, site),
        documents,
        schema: draftSchema,
        name: 'brief',
        maxOutputTokens: mostOutput_tokens,
        signal: budget.whole,
      };
      const answer = await unlessAborted(ports.model.complete(request), budget.whole);
      budget.cost.inputTokens += answer.inputTokens;
      budget.cost.outputTokens += answer.outputTokens;
      return answer.value;
    } catch (error) {
      ports.signal.throwIfAborted();
      if (budget.whole.aborted) {
        budget.end();
        return undefined;
      }
      wait_ms = error instanceof RetryLater ? error.retryAt_ms - ports.clock.now_ms() : Infinity;
      if (attempt >= mostAttempts || wait_ms > budget.left_ms / 2) throw error;
    }
  }
}
