import { createHash, hkdfSync, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import type { Keys } from './store/keyring.ts';

/** A secret kept in a file that only its owner can read; made on first use. */
function keptSecret(dataDir: string, name: string): string {
  const file = join(dataDir, name);
  if (!existsSync(file)) {
    mkdirSync(dataDir, { recursive: true });
    writeFileSync(file, randomBytes(32).toString('base64'), { mode: 0o600, flag: 'wx' });
  }
  return readFileSync(file, 'utf8').trim();
}

/** The key that encrypts secrets at rest, from the environment or from DATA_DIR. */
export function encryptionKeys(dataDir: string, given: string | undefined): Keys {
  const key = Buffer.from(given ?? keptSecret(dataDir, 'encryption-key'), 'base64');
  const id = createHash('sha256').update(key).digest('hex').slice(0, 8);
  return { current: id, keys: { [id]: key } };
}

/** A key for one other purpose, from the encryption key. */
export function derivedKey(keys: Keys, purpose: string): Buffer {
  const key = keys.keys[keys.current] as Buffer;
  return Buffer.from(hkdfSync('sha256', key, '', `rapport ${purpose}`, 32));
}

/** The operator's API token lies in DATA_DIR; the database has its hash only. */
export function apiToken(dataDir: string): { token: string; hash: string } {
  const token = keptSecret(dataDir, 'api-token');
  return { token, hash: createHash('sha256').update(token).digest('hex') };
}
