import assert from 'node:assert/strict';
import { reconnectRoute, type ProveGrant } from '../../../../hub/http/reconnect.ts';
import { createApp, listen } from '../../../../hub/http/server.ts';
import type { Grant } from '../../../../protocol/crm-connector.ts';
import { Reconnect, RetryLater } from '../../../../protocol/errors.ts';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { testClock } from '../../../conformance/store/rig.ts';
import { filledStore } from '../store/rig.ts';

describe('hub/http reconnect', () => {
  let store: OpenStore;
  let server: Awaited<ReturnType<typeof listen>>;
  let proveGrant: ProveGrant;
  const alone: string[] = [];
  const old = { key: 'old', revoked: 'The account took it back.' };
  before(async () => {
    ({ store } = await filledStore());
    const operator = { isApiToken: async () => true } as unknown as Parameters<typeof reconnectRoute>[0]['operator'];
    const route = reconnectRoute({
      store,
      bell: { ring: async () => undefined },
      clock: testClock(),
      operator,
      proveGrant: (installation, grant) => proveGrant(installation, grant),
      grantLock: async ({ installationId }, work) => {
        alone.push(installationId);
        await work();
        alone.push('done');
      },
    });
    const log = { debug() {}, info() {}, warn() {}, error() {} };
    server = await listen(createApp([route], log), { host: '127.0.0.1', port: 0 });
  });
  after(async () => {
    await server.stop();
    await store.close();
  });
  beforeEach(() =>
    store.tenant('a', async (tx) => {
      await tx.saveGrant('hs', old);
      await tx.updateInstallation('hs', { brokenReason: 'revoked' });
    }),
  );

  const post = async (body: object): Promise<{ status: number; message?: string; remedy?: string }> => {
    const answer = await fetch(`http://127.0.0.1:${server.port}/api/reconnect`, {
      method: 'POST',
      body: JSON.stringify(body),
    });
    return { status: answer.status, ...((await answer.json()) as object) };
  };
  const give = (grant?: Grant) => post({ tenantId: 'a', installationId: 'hs', ...(grant && { grant }) });
  const stands = (): Promise<[Grant, string | null | undefined]> =>
    store.tenant('a', async (tx) => [await tx.grant('hs'), (await tx.installations())[0]?.brokenReason]);

  it('stores a new grant as the vendor gave it back when it was tried', async () => {
    const tried: unknown[] = [];
    alone.length = 0;
    proveGrant = async ({ vendor, accountId }, grant) => {
      assert.equal(alone.length, 1, 'no renewal of the old grant goes on meanwhile');
      tried.push([vendor, accountId, grant]);
      return { key: 'renewed' };
    };
    assert.equal((await give({ key: 'new', revoked: 'copied by hand' })).status, 200);
    assert.deepEqual(tried, [['hubspot', 'portal-a', { key: 'new' }]]);
    assert.deepEqual(await stands(), [{ key: 'renewed' }, null]);
  });

  for (const [what, error, message, remedy] of [
    [
      'a wrong one',
      new Reconnect('It opens another.'),
      /portal-a.*stored one stays.*It opens another/,
      /An admin must/,
    ],
    [
      'one that cannot be tried',
      new RetryLater('No answer.', 1),
      /portal-a.*stored one stays.*No answer/,
      /again in a/,
    ],
  ] as const)
    it(`leaves the stored grant where it is for ${what}, and says who must do what`, async () => {
      proveGrant = () => Promise.reject(error);
      const answer = await give({ key: 'new' });
      assert.equal(answer.status, 400);
      assert.match(answer.message ?? '', message);
      assert.match(answer.remedy ?? '', remedy);
      assert.deepEqual(await stands(), [old, 'revoked']);
    });

  it('without a new one tries the stored one again, at the next call', async () => {
    proveGrant = () => assert.fail('nothing to prove');
    assert.equal((await give()).status, 200);
    assert.deepEqual(await stands(), [{ key: 'old' }, null]);
  });

  it('names an account that is not there', async () => {
    proveGrant = () => assert.fail('whose grant?');
    const answer = await post({ tenantId: 'a', installationId: 'nowhere', grant: { key: 'new' } });
    assert.equal(answer.status, 400);
    assert.match(answer.message ?? '', /no account nowhere/);
  });
});
