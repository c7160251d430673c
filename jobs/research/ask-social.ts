import type { SocialFigures, SocialSource } from '../../protocol/job.ts';
import type { BriefSocial } from './brief.ts';
import type { Tools } from './tools.ts';

/** Asks each network for the company's figures; each gives figures or the reason why there are none. */
export async function askSocial(
  company: { name: string; domain: string | null },
  tools: Tools,
): Promise<BriefSocial[]> {
  return Promise.all((tools.ports.social ?? []).map((source) => askOne(source, company, tools)));
}

async function askOne(
  source: SocialSource,
  company: { name: string; domain: string | null },
  tools: Tools,
): Promise<BriefSocial> {
  const { network } = source;
  const reason = 'The research ended before it was asked.';
  const late: BriefSocial = { network, status: 'unavailable', reason, code: 'too_late' };
  if (!tools.budget.takeFetch()) return late;
  await tools.tell('social', network);
  try {
    const figures = await tools.inTime((signal) => source.figures(company, signal));
    return figures ? shown(figures) : late;
  } catch (error) {
    tools.ports.signal.throwIfAborted();
    return { network, status: 'unavailable', reason: `It could not be asked: ${(error as Error).message}.` };
  }
}

function shown(figures: SocialFigures): BriefSocial {
  if (figures.status === 'unavailable') return figures;
  const { network, status, followers, posts, source } = figures;
  return { network, status, followers, posts, source };
}
