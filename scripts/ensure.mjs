// Brings node_modules up to the lock files, in plain JavaScript so that any Node 20 or later can run it.
// `--with browser` adds the packages that only tests need. A package is installed again only when its lock file changed.
import { spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const packages = ['.'];
if (process.argv.includes('--with')) packages.push(join('test', process.argv[process.argv.indexOf('--with') + 1]));

for (const folder of packages) {
  const home = join(root, folder);
  const lock = join(home, 'package-lock.json');
  const stamp = join(home, 'node_modules', '.installed');
  const wanted = createHash('sha256').update(readFileSync(lock)).digest('hex');
  if (existsSync(stamp) && readFileSync(stamp, 'utf8') === wanted) continue;
  process.stdout.write(`Installing packages${folder === '.' ? '' : ` for ${folder}`} ...\n`);
  const done = spawnSync('npm', ['ci', '--no-audit', '--no-fund', '--loglevel=error'], {
    cwd: home,
    stdio: ['ignore', 'inherit', 'inherit'],
  });
  if (done.status !== 0) {
    process.stderr.write(
      'Could not install the packages. Check that the npm registry can be reached, then run the command again.\n',
    );
    process.exit(1);
  }
  mkdirSync(dirname(stamp), { recursive: true });
  writeFileSync(stamp, wanted);
}
