import { environmentNames } from '../../hub/config.ts';
import { Invalid } from '../../protocol/errors.ts';
import { usualPorts } from '../../sandbox/usual-ports.ts';

type Environment = Readonly<Record<string, string | undefined>>;

const portNames = ['PORT', ...Object.keys(usualPorts)];
const read: ReadonlySet<string> = new Set([...environmentNames, ...portNames]);
/** Read by Node, by its HTTP clients or by the system, whatever the program. */
const general = /^(NODE_|TZ$|LANG$|LC_|PATH$|(HTTPS?|NO|ALL)_PROXY$)/i;

/** Throws Invalid where a port is none, before anything is started. */
export function checkPorts(env: Environment): void {
  const wrong = portNames.filter((name) => env[name] && !isPort(env[name]));
  if (wrong.length > 0)
    throw new Invalid(
      `${wrong.map((name) => `${name}=${env[name]}`).join(' and ')}: a port is a whole number from 0 to 65535.`,
      'Correct it, or leave it out.',
    );
}

function isPort(text: string): boolean {
  return /^\d{1,5}$/.test(text) && Number(text) <= 65_535;
}

/** Names in a `.env` that nothing reads: most are misspelt. */
export function unreadNames(names: readonly string[]): string[] {
  return names.filter((name) => !read.has(name) && !general.test(name));
}
