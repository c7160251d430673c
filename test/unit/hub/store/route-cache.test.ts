import assert from 'node:assert/strict';
import { RouteCache } from '../../../../hub/store/route-cache.ts';

describe('hub/store RouteCache', () => {
  it('asks once in a second, and again when it passed', async () => {
    let now_ms = 0;
    let asked = 0;
    let tenantId = 'a';
    const cache = new RouteCache({ now_ms: () => now_ms, sleep: async () => undefined }, async () => {
      asked += 1;
      return { tenantId, installationId: 'hs' };
    });
    await cache.find('hubspot', '1');
    tenantId = 'b';
    assert.equal((await cache.find('hubspot', '1'))?.tenantId, 'a');
    await cache.find('salesforce', '1');
    assert.equal(asked, 2);
    now_ms = 1_000;
    assert.equal((await cache.find('hubspot', '1'))?.tenantId, 'b');
  });

  it('remembers nobody: an account is found as soon as it is connected', async () => {
    let connected = false;
    const cache = new RouteCache({ now_ms: () => 0, sleep: async () => undefined }, async () =>
      connected ? { tenantId: 'a', installationId: 'hs' } : undefined,
    );
    assert.equal(await cache.find('hubspot', '1'), undefined);
    connected = true;
    assert.ok(await cache.find('hubspot', '1'));
  });
});
