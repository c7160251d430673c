import { createHash, randomUUID } from 'node:crypto';
import { chownSync, existsSync, mkdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { Account } from './account.ts';
import { canEnter, letPass } from './account.ts';

/**
 * The folder of the server's files. It is `<dataDir>/postgres`; where root keeps the data in a private folder that the
 * server's account cannot enter, it is under `/var/lib/rapport`, tied to the data directory by a mark in both. Removing
 * the data directory removes the mark, and so the next start begins afresh.
 */
export function serverHome(dataDir: string, account: Account | undefined): string {
  const data = resolve(dataDir);
  mkdirSync(data, { recursive: true });
  const near = join(data, 'postgres');
  if (account) letPass(data);
  if (canEnter(account, data)) return makeHome(near, account);

  const far = join('/var/lib/rapport', createHash('sha256').update(data).digest('hex').slice(0, 16));
  const mark = join(data, 'postgres-home');
  const known = existsSync(mark) ? readFileSync(mark, 'utf8') : undefined;
  if (!known || !existsSync(join(far, 'mark')) || readFileSync(join(far, 'mark'), 'utf8') !== known) {
    rmSync(far, { recursive: true, force: true });
    makeHome(far, account);
    const fresh = `${far} ${randomUUID()}`;
    writeFileSync(join(far, 'mark'), fresh);
    writeFileSync(mark, fresh);
  }
  return far;
}

function makeHome(home: string, account: Account | undefined): string {
  mkdirSync(home, { recursive: true, mode: 0o755 });
  if (account) {
    letPass(home);
    chownSync(home, account.uid, account.gid);
  }
  return home;
}
