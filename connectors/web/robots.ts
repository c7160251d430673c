import robotsParser from 'robots-parser';

// The package's types describe an ES module, which it is not.
const parseRobots = robotsParser as unknown as typeof robotsParser.default;

/** What came of fetching a site's robots.txt. */
export type RobotsAnswer =
  | { kind: 'rules'; text: string }
  | { kind: 'none' }
  | { kind: 'closed'; why: string }
  | { kind: 'failed'; reason: 'blocked_address' | 'timeout' | 'unreachable'; detail: string };

/** RFC 9309, 2.3.1: 2xx gives rules, "unavailable" (4xx) allows all, "unreachable" (5xx) forbids all. */
export function robotsAnswer(status: number, text: string): RobotsAnswer {
  if (status >= 200 && status < 300) return { kind: 'rules', text };
  if (status >= 500)
    return { kind: 'closed', why: `robots.txt answered ${status}: the site is left alone until it can be read` };
  return { kind: 'none' };
}

/** Why robots.txt keeps this reader out of a page, or undefined. */
export function refusalOfRobots(answer: RobotsAnswer, url: URL, userAgent: string): string | undefined {
  if (answer.kind === 'closed') return answer.why;
  if (answer.kind !== 'rules') return undefined;
  const allowed = parseRobots(new URL('/robots.txt', url).href, answer.text).isAllowed(url.href, userAgent);
  return allowed === false ? 'robots.txt asks readers like us to stay away from this page' : undefined;
}
