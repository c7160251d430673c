import assert from 'node:assert/strict';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { provision } from '../../../hub/provision.ts';
import { openStore, type OpenStore } from '../../../hub/store/open-store.ts';
import { Invalid } from '../../../protocol/errors.ts';
import type { Installation } from '../../../protocol/nouns.ts';
import { sandboxTenants } from '../../../scripts/sandbox-environment.ts';
import { testClock } from '../../conformance/store/rig.ts';
import { freshDatabase } from '../../kit/postgres.ts';
import { keys } from './store/rig.ts';

describe('hub/provision', () => {
  const clock = testClock();
  let folder = '';
  let file = '';
  let store: OpenStore;
  beforeEach(async () => {
    folder = mkdtempSync(join(tmpdir(), 'rapport-provision-'));
    file = join(folder, 'provision.yaml');
    store = await openStore({ url: (await freshDatabase()).appUrl, keys, clock });
  });
  afterEach(async () => {
    await store.close();
    rmSync(folder, { recursive: true, force: true });
  });

  const take = (content: string | object, crmsAreLocal = true): Promise<void> => {
    writeFileSync(file, typeof content === 'string' ? content : stringify(content));
    return provision(store, clock, file, crmsAreLocal);
  };
  const installations = async (): Promise<Installation[]> => {
    const each = await Promise.all(
      ['tenant-a', 'tenant-b'].map((tenant) => store.tenant(tenant, (tx) => tx.installations())),
    );
    return each.flat();
  };
  const refusal = async (content: string): Promise<Invalid> => {
    const error: unknown = await take(content).catch((thrown: unknown) => thrown);
    assert.ok(error instanceof Invalid, String(error));
    return error;
  };

  it('confirms nothing at a CRM that is not this machine, whatever the file says', async () => {
    await take(sandboxTenants(true), false);
    assert.equal((await installations()).length, 4);
    for (const { state, confirmed } of await installations())
      assert.deepEqual({ state, confirmed }, { state: 'observing', confirmed: false });
  });

  it('refuses a grant that logs in at a real org beside stand-ins', async () => {
    const grant = { clientId: 'c', clientSecret: 's', loginUrl: 'https://acme.my.salesforce.com' };
    const org = { id: 'sf', vendor: 'salesforce', account: '00D5f000000SbA1EAM', confirmed: true, grant };
    const file = stringify({ tenants: [{ id: 'tenant-a', name: 'A', installations: [org] }] });
    assert.match((await refusal(file)).message, /tenant-a\/sf: its loginUrl is a real CRM/);
  });

  it('lets the sandbox start confirmed, and only observe where the file says so', async () => {
    await take(sandboxTenants(true));
    assert.deepEqual(new Set((await installations()).map(({ state }) => state)), new Set(['linking']));
    await take(sandboxTenants(false));
    assert.ok(
      (await installations()).every(({ confirmed }) => confirmed),
      'what is there stays',
    );
  });

  it('keeps a grant encrypted', async () => {
    await take(sandboxTenants(true));
    const grant = await store.tenant('tenant-a', (tx) => tx.grant('hubspot-a'));
    assert.deepEqual(grant, { refreshToken: 'na1-refresh-portal-a' });
  });

  it('names the file and every entry that is wrong, and no grant', async () => {
    const error = await refusal(
      stringify({
        tenants: [
          {
            id: 'Tenant A',
            installations: [{ id: 'x', vendor: 'pipedrive', account: '1', grant: { token: ['hush-hush'] } }],
          },
        ],
      }),
    );
    for (const place of [file, 'tenants[0].id', 'tenants[0].name', 'installations[0].vendor', 'grant.token'])
      assert.ok(error.message.includes(place), `${place} in ${error.message}`);
    assert.doesNotMatch(error.message, /hush/);
  });

  it('says where a file is no YAML', async () => {
    const error = await refusal('tenants:\n  - id: a\n   name: [hush-hush\n');
    assert.ok(error.message.startsWith(`${file}:3:`), error.message);
    assert.doesNotMatch(error.message, /hush/);
  });

  it('says that a file is not there', async () => {
    const error: unknown = await provision(store, clock, join(folder, 'none.yaml'), true).catch(
      (thrown: unknown) => thrown,
    );
    assert.ok(error instanceof Invalid, String(error));
    assert.match(error.message, /none\.yaml cannot be read/);
    assert.match(error.remedy, /PROVISION_FILE/);
  });

  it('does not give one account to two tenants', async () => {
    await take(sandboxTenants(true));
    const twice = stringify(sandboxTenants(true)).replaceAll('tenant-b', 'tenant-c').replaceAll('-b\n', '-c\n');
    assert.match((await refusal(twice)).message, /connected already/);
  });
});
