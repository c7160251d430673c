import { randomInt } from 'node:crypto';
import { existsSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';
import { parseArgs } from 'node:util';
import type { ViewAnswer } from '../hub/view/read-deal-view.ts';
import { Invalid, RapportError } from '../protocol/errors.ts';
import { hubspotApp } from '../sandbox/seed/credentials.ts';
import { describeDeal } from './replay/describe-deal.ts';
import { readFixture, type Fixture } from './replay/read-fixture.ts';
import { SignedHub } from './replay/signed-hub.ts';

/*
 * `npm run replay FIXTURE`: sends a saved webhook body, signed with the app's secret, to the running hub through its real
 * door, and prints what the hub answered and how the deals look after. An event is a hint: the hub reads the record again,
 * so that a replay changes nothing that is not so in the CRM. With `-- --again` its events get new ids, since a repeat is
 * stored once a day.
 */
const usage = 'Usage: npm run replay test/fixtures/hubspot/stage-change.json [-- --again]';
/** Long enough for a batch that waits for nobody. */
const settle_ms = 1_500;

try {
  await replay();
} catch (error) {
  process.stderr.write(
    `${error instanceof RapportError ? `${error.message}\n${error.remedy}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}

async function replay(): Promise<void> {
  const { path, again } = readArguments();
  const fixture = readFixture(path);
  if (existsSync('.env')) process.loadEnvFile('.env');
  const env = process.env;
  const url = (env['RAPPORT_URL'] ?? `http://127.0.0.1:${env['PORT'] ?? 4000}`).replace(/\/$/, '');
  const hub = new SignedHub({
    url,
    publicUrl: (env['PUBLIC_URL'] ?? url).replace(/\/$/, ''),
    clientSecret: env['HUBSPOT_CLIENT_SECRET'] ?? hubspotApp.clientSecret,
  });
  const { status, answer } = await hub.call('POST', '/webhooks/hubspot', again ? asNew(fixture.body) : fixture.body);
  print(`${fixture.description}\n\nThe hub answered ${status} ${JSON.stringify(answer)}`);
  if (status === 401)
    throw new Invalid(
      'The hub did not take the signature.',
      'Set HUBSPOT_CLIENT_SECRET and PUBLIC_URL as the hub has them.',
    );
  if (status !== 200) throw new Invalid('The hub did not take the webhook.', 'Its answer above says why.');
  await sleep(settle_ms);
  for (const dealId of fixture.dealIds) print(describeDeal(dealId, await dealView(hub, fixture, dealId)));
}

function readArguments(): { path: string; again: boolean } {
  try {
    const { values, positionals } = parseArgs({ options: { again: { type: 'boolean' } }, allowPositionals: true });
    const [path, ...more] = positionals;
    if (path === undefined || more.length > 0) throw new TypeError('One fixture is wanted.');
    return { path, again: values.again === true };
  } catch (cause) {
    throw new Invalid((cause as Error).message, usage, cause);
  }
}

/** The card's own question, as HubSpot's servers pass it on. */
async function dealView(hub: SignedHub, fixture: Fixture, dealId: string): Promise<ViewAnswer> {
  const query = new URLSearchParams({
    objectId: dealId,
    portalId: fixture.portalId,
    userId: '1',
    appId: process.env['HUBSPOT_APP_ID'] ?? String(hubspotApp.appId),
  });
  const { answer } = await hub.call('GET', `/cards/deal?${query.toString()}`);
  return answer as ViewAnswer;
}

function asNew(body: string): string {
  const events = JSON.parse(body) as object[];
  return JSON.stringify(events.map((event) => ({ ...event, eventId: randomInt(1, 2 ** 31), occurredAt: Date.now() })));
}

function print(text: string): void {
  process.stdout.write(`${text}\n`);
}
