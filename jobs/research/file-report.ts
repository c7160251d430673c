import type { JobOutcome } from '../../protocol/job.ts';
import type { Brief } from './brief.ts';
import type { ResearchInput } from './input.ts';
import { reportBlocks, reportHtml, reportText } from './report.ts';

/** Salesforce's Name fields hold 80 characters. */
const title_characters = 80;
const dealSummary_characters = 500;
/** HubSpot notes hold 65,536 characters of HTML. */
const mostGaps = 12;

/** The outcome of a run: the report as a record of its own, and a short summary on the deal. */
export function fileReport(
  input: ResearchInput,
  brief: Brief,
  about: { companyName: string; gaps: readonly string[]; isPartial: boolean; hasText: boolean },
  cost: JobOutcome['cost'],
): JobOutcome {
  const { companyName, gaps, isPartial, hasText } = about;
  const blocks = reportBlocks(brief, gaps.slice(0, mostGaps), isPartial);
  const report = {
    title: cut(`Research: ${companyName}${isPartial ? ' (partial)' : ''}`, title_characters),
    summary: brief.summary,
    body: reportText(blocks),
    bodyHtml: reportHtml(blocks),
    model: cut(brief.model, 255),
    researchedAt: brief.createdAt,
    deal: input.deal.recordId,
  };
  const summary = { researchSummary: cut(brief.summary, dealSummary_characters), researchedAt: brief.createdAt };
  return {
    records: [{ key: 'report', kind: 'research_report', fields: report }],
    // A budget that ended before anything was written must not wipe out an earlier, better summary.
    updates: isPartial && !hasText ? [] : [{ recordId: input.deal.recordId, fields: summary }],
    result: brief,
    partial: isPartial,
    cost: { ...cost },
  };
}

/** Cut at a word where one ends near, with an ellipsis. */
function cut(text: string, most: number): string {
  if (text.length <= most) return text;
  const head = text.slice(0, most - 1).replace(/[\ud800-\udbff]$/, '');
  return `${head.replace(/\s+\S{0,20}$/, '')}…`;
}
