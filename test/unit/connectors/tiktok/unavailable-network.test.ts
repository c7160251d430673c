import assert from 'node:assert/strict';
import { tiktokReason, unavailableNetwork } from '../../../../connectors/tiktok/unavailable-network.ts';

describe('connectors/tiktok unavailable network', () => {
  it('says why there are no figures', async () => {
    const source = unavailableNetwork('tiktok', tiktokReason);
    const got = await source.figures({ name: 'Northwind', domain: null }, new AbortController().signal);
    assert.deepEqual(got, {
      network: 'tiktok',
      status: 'unavailable',
      code: 'owner_only',
      reason: 'TikTok gives figures only to the account’s owner.',
    });
  });
});
