import { createServer } from 'node:http';
import { salesforceConnector } from '../../connectors/salesforce/connector.ts';
import { systemClock } from '../../hub/system-clock.ts';
import { orgs } from '../../sandbox/seed/credentials.ts';
import type { SandboxPorts } from '../../sandbox/start.ts';
import { HubspotCrm, SalesforceCrm, type Crm } from '../kit/crms.ts';
import type { Pair } from './time-edits.ts';

/**
 * The floor of an edit's way: an event comes in, one call reads the deal, one call writes it to the other CRM. Nothing is
 * verified, mapped, compared or kept.
 */
export interface BareLoop {
  direction: 'hubspot' | 'salesforce';
  ports: SandboxPorts;
  /** Where the stand-in of HubSpot sends its webhooks. */
  port: number;
  pairs: readonly Pair[];
}

const { direction, ports, port, pairs } = JSON.parse(process.env['BARE_LOOP'] ?? '') as BareLoop;
const hubspot = new HubspotCrm(ports.hubspot);
const salesforce = await SalesforceCrm.login(ports.salesforce);
const targets = new Map(pairs.map(({ from, to }) => [from, to]));
const stopping = new AbortController();

async function carry(from: Crm, to: Crm, id: string): Promise<void> {
  const target = targets.get(id);
  if (target === undefined) return;
  const text = (await from.texts([id])).get(id);
  if (text) await to.edit(target, text);
}

if (direction === 'hubspot') await listen();
else void follow().catch(fail);
process.once('SIGTERM', () => process.exit(0));
process.once('disconnect', () => process.exit(0));
process.send?.({ ready: true });

function listen(): Promise<void> {
  const server = createServer((request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      response.end();
      const events = JSON.parse(Buffer.concat(chunks).toString()) as { objectId?: number; propertyName?: string }[];
      for (const { objectId, propertyName } of events)
        if (propertyName === 'hs_next_step') void carry(hubspot, salesforce, String(objectId)).catch(fail);
    });
  });
  return new Promise((resolve) => void server.listen(port, '127.0.0.1', resolve));
}

/** The stream alone is our connector's: the vendor has no plainer one. */
async function follow(): Promise<void> {
  const at = (place: number): string => `http://127.0.0.1:${place}`;
  const connector = salesforceConnector({
    loginUrl: at(ports.salesforce),
    pubsubUrl: at(ports.pubsub),
    clientName: 'bare loop',
    clock: systemClock,
  });
  const [{ orgId, integration }] = orgs;
  const api = connector.open({
    accountId: orgId,
    grant: integration,
    gate: { call: (_, send) => send(() => undefined) },
    saveGrant: async () => undefined,
  });
  await api.stream?.({
    cursor: undefined,
    signal: stopping.signal,
    onBatch: async ({ events }) => {
      for (const { externalId, values } of events)
        if ('NextStep' in values) void carry(salesforce, hubspot, externalId).catch(fail);
    },
  });
}

function fail(error: unknown): void {
  process.stderr.write(`bare loop: ${String(error)}\n`);
  process.exit(1);
}
