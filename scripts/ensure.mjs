// Brings node_modules up to the lock files, in plain JavaScript so that any Node 20 or later can run it.
// `--with browser crm-apps` adds packages that only tests need. A package is installed again only when its lock file changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const groups = {
  browser: ['test/browser'],
  'crm-apps': ['crm-apps/hubspot/src/app/cards', 'crm-apps/salesforce'],
  builders: ['sandbox/builders/hubspot', 'sandbox/builders/salesforce'],
};
const root = dirname(dirname(fileURLToPath(import.meta.url)));
const [option, ...names] = process.argv.slice(2);
if ((option !== undefined && option !== '--with') || names.some((name) => !(name in groups)))
  fail(`Usage: ensure.mjs [--with ${Object.keys(groups).join(' | ')} ...]`);

for (const folder of ['.', ...names.flatMap((name) => groups[name])]) ensure(folder);

const [major, minor] = process.versions.node.split('.').map(Number);
const stripsTypes = major > 22 || (major === 22 && minor >= 18);
if (!stripsTypes && !existsSync(join(root, 'node_modules', '.bin', 'node')))
  fail(
    `Node ${process.versions.node} cannot run TypeScript, and there is no Node package for ${process.platform}-${process.arch}. Install Node 24, then run the command again.`,
  );

function ensure(folder) {
  const home = join(root, folder);
  const stamp = join(home, 'node_modules', '.installed');
  const wanted = createHash('sha256')
    .update(readFileSync(join(home, 'package-lock.json')))
    .digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) return;
  process.stdout.write(`Installing packages${folder === '.' ? '' : ` for ${folder}`}: up to a minute, this once ...\n`);
  const options = ['--no-audit', '--no-fund', '--ignore-scripts', '--loglevel=error'];
  const done = spawnSync('npm', ['ci', ...options], { cwd: home, stdio: ['ignore', 'inherit', 'inherit'] });
  if (done.status !== 0)
    fail('Could not install the packages. Check that the npm registry can be reached, then run the command again.');
  writeFileSync(stamp, wanted);
}

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(1);
}
