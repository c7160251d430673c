import { readFileSync } from 'node:fs';
import { z } from 'zod';
import { Invalid } from '../../protocol/errors.ts';
import { ask } from './ask.ts';

/** `rapport reconnect TENANT INSTALLATION [--grant FILE]`: after an admin gave the grant back, or with a new one. */
export async function reconnect(tenantId: string, installationId: string, options: { grant?: string }): Promise<void> {
  const grant = options.grant === undefined ? {} : { grant: readGrant(options.grant) };
  await ask('/api/reconnect', { tenantId, installationId, ...grant });
  process.stdout.write(
    options.grant === undefined
      ? 'Tried again from now on; `rapport status` shows whether the vendor takes it.\n'
      : 'Connected again: the vendor takes the new grant.\n',
  );
}

/** What is wrong with the file is said without its text: it holds secrets. */
function readGrant(file: string): Record<string, string> {
  try {
    return z.record(z.string(), z.string()).parse(JSON.parse(readFileSync(file, 'utf8')));
  } catch {
    throw new Invalid(
      `${file} is no grant.`,
      'Give a JSON object of texts, as `grant` of an installation in PROVISION_FILE.',
    );
  }
}
