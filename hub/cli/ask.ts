import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Invalid } from '../../protocol/errors.ts';

/** Asks the running hub, as its operator; with a body it is told something. Throws Invalid, with what to do, when there is no answer. */
export async function ask<T>(path: string, body?: object): Promise<T> {
  const home = process.env['DATA_DIR'] ?? '.data';
  const base = process.env['RAPPORT_URL'] ?? `http://127.0.0.1:${process.env['PORT'] ?? 4000}`;
  let token: string;
  try {
    token = readFileSync(join(home, 'api-token'), 'utf8').trim();
  } catch (cause) {
    throw new Invalid(
      `There is no API token in ${home}.`,
      'Start the hub first with `npm start`, or set DATA_DIR to where it keeps its state.',
      cause,
    );
  }
  const headers = { authorization: `Bearer ${token}` };
  const request = body === undefined ? { headers } : { method: 'POST', headers, body: JSON.stringify(body) };
  const response = await fetch(`${base}${path}`, request).catch((cause: unknown) => {
    throw new Invalid(`The hub does not answer at ${base}.`, 'Start it with `npm start`, or set RAPPORT_URL.', cause);
  });
  if (response.status === 503)
    throw new Invalid(
      'The hub runs, but its database does not answer (503).',
      'Check the server that DATABASE_URL names; the hub goes on by itself when it is back.',
    );
  if (response.status === 400) {
    const { message, remedy } = (await response.json()) as { message: string; remedy: string };
    throw new Invalid(message, remedy);
  }
  if (!response.ok)
    throw new Invalid(`The hub answered ${response.status}.`, 'Check that DATA_DIR belongs to this hub.');
  return (await response.json()) as T;
}
