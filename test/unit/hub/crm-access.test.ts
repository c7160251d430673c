import assert from 'node:assert/strict';
import { createCrmAccess } from '../../../hub/crm-access.ts';
import type { CrmApi, CrmConnector, Grant } from '../../../protocol/crm-connector.ts';
import { Reconnect } from '../../../protocol/errors.ts';
import type { Installation } from '../../../protocol/nouns.ts';
import type { Store, TenantTx } from '../../../protocol/ports/store.ts';
import { VirtualClock } from './runs/virtual-clock.ts';

describe('hub CRM access', () => {
  const account: Installation = {
    tenantId: 'a',
    id: 'hs',
    vendor: 'hubspot',
    accountId: '1',
    state: 'writing',
    confirmed: true,
    targets: {},
    timeZone: null,
    brokenReason: null,
  };

  /** One account; each opened API says which grant it was opened with, and shows as its only object what that grant shows. */
  const rig = () => {
    let stored: Grant = { refreshToken: 'first' };
    let installation = account;
    const opened: Parameters<CrmConnector['open']>[0][] = [];
    const tx = {
      installations: async () => [installation],
      grant: async () => stored,
      saveGrant: async (_: string, grant: Grant) => void (stored = grant),
    } as Pick<TenantTx, 'installations' | 'grant' | 'saveGrant'> as TenantTx;
    const connector: CrmConnector = {
      vendor: 'hubspot',
      proveGrant: async ({ grant }) => grant,
      open: (options) => {
        opened.push(options);
        const { refreshToken } = options.grant;
        const describe = async (object: string) => (object === refreshToken ? { object, fields: {} } : undefined);
        return { describe } as Pick<CrmApi, 'describe'> as CrmApi;
      },
    };
    const access = createCrmAccess({
      store: { tenant: async (_, work) => work(tx) } as Pick<Store, 'tenant'> as Store,
      connectors: { hubspot: connector, salesforce: connector },
      clock: new VirtualClock(0),
      gateFor: () => ({ call: (_, send) => send(() => undefined) }),
    });
    return {
      access,
      opened,
      stored: () => stored,
      replace: (grant: Grant) => void (stored = grant),
      disconnect: () => void (installation = { ...account, state: 'disconnected' }),
    };
  };

  it('opens an account once, however many ask', async () => {
    const { access, opened } = rig();
    const apis = [await access.api('a', 'hs'), await access.api('a', 'hs')];
    assert.equal(apis[0], apis[1]);
    assert.equal(opened.length, 1);
  });

  it('a grant that was replaced in the store is used by the next call, and what the account shows is asked again', async () => {
    const { access, opened, replace } = rig();
    assert.ok(await access.describe('a', 'hs', 'first'));
    replace({ refreshToken: 'second' });
    await access.api('a', 'hs');
    assert.deepEqual(
      opened.map(({ grant }) => grant),
      [{ refreshToken: 'first' }, { refreshToken: 'second' }],
    );
    assert.equal(await access.describe('a', 'hs', 'first'), undefined);
  });

  it('a grant that the API has renewed itself replaces nothing, also while it is being stored', async () => {
    const { access, opened, stored } = rig();
    const api = await access.api('a', 'hs');
    for (const refreshToken of ['renewed', 'renewed again']) {
      const saving = opened[0]?.saveGrant({ refreshToken });
      assert.equal(await access.api('a', 'hs'), api);
      await saving;
      assert.equal(await access.api('a', 'hs'), api);
    }
    assert.deepEqual(stored(), { refreshToken: 'renewed again' });
    assert.equal(opened.length, 1);
  });

  it('an account that was disconnected is not called any more', async () => {
    const { access, disconnect } = rig();
    await access.api('a', 'hs');
    disconnect();
    await assert.rejects(access.api('a', 'hs'), Reconnect);
  });
});
