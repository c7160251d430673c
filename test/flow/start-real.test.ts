import assert from 'node:assert/strict';
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { stringify } from 'yaml';
import type { Status } from '../../hub/http/api.ts';
import { portals } from '../../sandbox/seed/credentials.ts';
import { startSandbox, type Sandbox } from '../../sandbox/start.ts';
import { sandboxEnvironment, sandboxModel, sandboxTenants } from '../../scripts/sandbox-environment.ts';
import { eventually } from '../kit/eventually.ts';
import { freePort } from '../kit/free-port.ts';
import { HubspotPerson } from '../kit/hubspot-person.ts';
import { processesOf } from '../kit/processes-of.ts';
import { RecordingProxy } from '../kit/recording-proxy.ts';
import { useLauncher } from '../kit/use-launcher.ts';

/** Not this machine, to all who go by its name; and it leads here. */
const real = '0.0.0.0';
const root = join(import.meta.dirname, '..', '..');

describe('flow: npm start with addresses of real CRMs in .env', function () {
  this.timeout(90_000);
  const place = useLauncher();
  let vendors: Sandbox;
  let recorders: Record<'hubspot' | 'salesforce', RecordingProxy>;
  let port: number;
  let env: Record<string, string>;
  const writeEnv = (more: Record<string, string>): void => {
    const lines = Object.entries({ ...env, ...more }).map(([name, value]) => `${name}=${value}\n`);
    writeFileSync(join(place().dataDir, '.env'), lines.join(''));
  };
  before(async () => {
    const dataDir = join(place().dataDir, 'vendors');
    mkdirSync(dataDir);
    port = await freePort();
    vendors = await startSandbox({
      dataDir,
      seed: 1,
      host: '127.0.0.1',
      ports: { hubspot: 0, salesforce: 0, pubsub: 0, model: 0, web: 0, desk: 0 },
      hubUrl: `http://127.0.0.1:${port}`,
      projects: { hubspot: join(root, 'crm-apps', 'hubspot'), salesforce: join(root, 'crm-apps', 'salesforce') },
      build: false,
    });
    const { hubspot, salesforce, pubsub } = vendors.ports;
    recorders = {
      hubspot: await RecordingProxy.before(`http://127.0.0.1:${hubspot}`, real),
      salesforce: await RecordingProxy.before(`http://127.0.0.1:${salesforce}`, real),
    };
    const provision = join(place().dataDir, 'tenants.yaml');
    writeFileSync(provision, stringify(sandboxTenants(true)));
    assert.match(readFileSync(provision, 'utf8'), /confirmed: true/);
    env = {
      ...sandboxEnvironment(vendors.ports),
      ...sandboxModel(vendors.ports),
      HUBSPOT_BASE_URL: recorders.hubspot.url,
      SALESFORCE_LOGIN_URL: recorders.salesforce.url,
      SALESFORCE_PUBSUB_URL: `http://${real}:${pubsub}`,
      PROVISION_FILE: provision,
    };
  });
  after(async () => {
    await Promise.all(Object.values(recorders ?? {}).map((recorder) => recorder.stop()));
    await vendors?.stop();
  });

  it('stops where some are stand-ins, says so, and calls none', async () => {
    const { salesforce, pubsub } = vendors.ports;
    const mixes: Record<string, string>[] = [
      { SALESFORCE_LOGIN_URL: `http://127.0.0.1:${salesforce}` },
      { SALESFORCE_PUBSUB_URL: `http://127.0.0.1:${pubsub}` },
    ];
    for (const local of mixes) {
      writeEnv(local);
      const ran = await place().start();
      assert.equal(await ran.ended, 1);
      assert.match(ran.errors(), /1 fault:.*must not be mixed.*Correct these variables/s);
      assert.deepEqual(processesOf(place().dataDir), []);
    }
    for (const { exchanges } of Object.values(recorders)) assert.deepEqual(exchanges, []);
  });

  it('starts no stand-in beside one real address alone', async () => {
    writeFileSync(join(place().dataDir, '.env'), `SALESFORCE_PUBSUB_URL=http://${real}:9\n`);
    const ran = await place().start();
    assert.equal(await ran.ended, 1);
    assert.match(ran.errors(), /HUBSPOT_CLIENT_ID/, 'what a real one needs is asked for');
    assert.doesNotMatch(ran.errors(), /must not be mixed/);
  });

  it('reads what is there and writes nothing, whatever happens and whatever the file says is confirmed', async () => {
    const { dataDir, start, noneLeft } = place();
    writeEnv({});
    const ran = await start({ env: { PORT: String(port) } });
    await eventually(() => assert.match(ran.said(), /is ready.*only observe until/), 30_000);
    assert.doesNotMatch(ran.said(), /stand-in/);
    const token = readFileSync(join(dataDir, 'api-token'), 'utf8').trim();
    const rest = async (): Promise<void> => {
      const answer = await fetch(`${ran.hub}/api/status`, { headers: { authorization: `Bearer ${token}` } });
      const { tenants } = (await answer.json()) as Status;
      assert.equal(tenants.length, 2);
      for (const { installations, status } of tenants) {
        assert.deepEqual(new Set(installations.map(({ state }) => state)), new Set(['observing']));
        assert.ok((status.records['deal'] ?? 0) >= 60 && status.inboxWaiting === 0);
      }
    };
    await eventually(rest, 30_000);

    const [{ portalId, personToken }] = portals;
    const url = `http://127.0.0.1:${vendors.ports.hubspot}`;
    const person = new HubspotPerson({ url, portalId, token: personToken });
    const [deal] = await person.list('deals', ['dealname']);
    assert.ok(deal);
    const { exchanges } = recorders.hubspot;
    const before = exchanges.length;
    await person.update('deals', deal.id, { dealstage: 'closedlost' });
    await person.update('deals', deal.id, { dealstage: 'qualifiedtobuy', amount: '1234' });
    await eventually(() => {
      const since = exchanges.slice(before).map(({ response }) => JSON.stringify(response));
      assert.ok(
        since.some((answer) => answer?.includes(deal.id)),
        'the edit is looked at',
      );
    }, 20_000);
    await eventually(rest, 30_000);
    assert.equal(await ran.interrupt(), 0);
    await noneLeft();

    for (const [vendor, recorder] of Object.entries(recorders)) {
      assert.ok(recorder.exchanges.length > 10, `${vendor} is read through its recorder`);
      assert.deepEqual(recorder.writes(), [], vendor);
    }
  });
});
