import type { Brief, BriefSocial } from './brief.ts';
import type { CheckedDraft } from './check-claims.ts';
import type { Claim } from './draft-schema.ts';
import type { ReadPage } from './gathered.ts';

export interface BriefParts {
  checked: CheckedDraft | null;
  /** Why there is no text, in one sentence, where there is none. */
  without: string;
  pages: readonly ReadPage[];
  social: BriefSocial[];
  model: string;
  now_ms: number;
}

const most = { summary: 3, offering: 3, competitors: 8, talkingPoints: 5 };

/** The brief of what was backed. Where nothing was, its summary says so; nothing is filled up. */
export function makeBrief({ checked, without, pages, social, model, now_ms }: BriefParts): Brief {
  const whatTheyDo = sentences(checked?.offering.slice(0, most.offering) ?? []);
  const summary = sentences(checked?.summary.slice(0, most.summary) ?? []);
  return {
    createdAt: new Date(now_ms).toISOString(),
    model,
    summary: summary || whatTheyDo || without,
    whatTheyDo,
    competitors: (checked?.competitors ?? [])
      .slice(0, most.competitors)
      .map(({ name, domain, why, source }) => ({ name, domain, why, source })),
    talkingPoints: (checked?.talkingPoints ?? [])
      .slice(0, most.talkingPoints)
      .map(({ text, source }) => ({ text, source })),
    social,
    sources: pages.map(({ url, title, fetchedAt_ms }) => ({
      url,
      title,
      fetchedAt: new Date(fetchedAt_ms).toISOString(),
    })),
  };
}

function sentences(claims: readonly Claim[]): string {
  return claims.map(({ text }) => text.trim().replace(/([^.!?])$/, '$1.')).join(' ');
}
