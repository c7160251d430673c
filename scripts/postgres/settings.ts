import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { Invalid } from '../../protocol/errors.ts';

/** What one installation of the embedded server remembers. Readable by the account that starts it, only. */
export interface Settings {
  port: number;
  adminPassword: string;
  ownerPassword: string;
  appPassword: string;
  /** Roles and database were made. */
  prepared: boolean;
}

/** Throws Invalid when the file is there and cannot be read: a power cut may leave half of it. */
export async function loadSettings(home: string): Promise<Settings> {
  const file = join(home, 'server.json');
  if (existsSync(file)) return parse(file);
  const password = (): string => randomBytes(24).toString('base64url');
  const settings: Settings = {
    port: await freePort(),
    adminPassword: password(),
    ownerPassword: password(),
    appPassword: password(),
    prepared: false,
  };
  saveSettings(home, settings);
  return settings;
}

function parse(file: string): Settings {
  try {
    return JSON.parse(readFileSync(file, 'utf8')) as Settings;
  } catch (cause) {
    throw new Invalid(
      `The database's passwords in ${file} cannot be read.`,
      'Restore that file, or start afresh with `npm start -- --reset`.',
      cause,
    );
  }
}

export function saveSettings(home: string, settings: Settings): void {
  const file = join(home, 'server.json');
  writeFileSync(`${file}.new`, JSON.stringify(settings, null, 2), { mode: 0o600 });
  renameSync(`${file}.new`, file);
}

/** A port that nobody listens on now. PostgreSQL itself cannot choose one. */
export function freePort(wanted = 0): Promise<number> {
  return new Promise((resolve, reject) => {
    const probe = createServer();
    probe.once('error', (error) => (wanted === 0 ? reject(error) : resolve(freePort())));
    probe.listen(wanted, '127.0.0.1', () => {
      const address = probe.address();
      probe.close(() => resolve(typeof address === 'object' && address ? address.port : wanted));
    });
  });
}
