import type { Firm } from './firms.ts';
import { page, type Page } from './html.ts';
import { tradeWords } from './trade-words.ts';

/** A trade paper that is nobody's own site: who competes with whom, and over what. */
export const guideHost = 'market-guide.example';

/** One page a firm, at `/firms/northwind`, and a list of them at `/`. */
export function guidePages(firms: Map<string, Firm>): Map<string, Page> {
  const all = [...firms.values()];
  const index = all.map((firm): [string, string] => [firm.name, `/firms/${stem(firm)}`]);
  const footer = 'The Market Guide is independent of the firms it writes about.';
  const pages = all.map((firm): [string, Page] => {
    const { trade } = tradeWords[firm.industry];
    const rivals = firm.rivals.map(({ brand, domain }) => {
      const does = firms.get(domain)?.does ?? '';
      return `${brand} (${domain}) competes with ${firm.name} in ${trade}: it ${does}.`;
    });
    const text = [`${firm.name} ${firm.does}, and buyers compare it with ${rivals.length} others.`, ...rivals];
    return [
      `/firms/${stem(firm)}`,
      page(
        `${firm.name}: competitors and alternatives | Market Guide`,
        `Competitors of ${firm.name}`,
        text,
        [['All firms', '/']],
        footer,
      ),
    ];
  });
  const front = page(
    'Market Guide',
    'All firms',
    [`The Market Guide compares ${all.length} firms of five trades.`],
    index,
    footer,
  );
  return new Map([['/', front], ...pages]);
}

function stem(firm: Firm): string {
  return firm.domain.replace('.example', '');
}
