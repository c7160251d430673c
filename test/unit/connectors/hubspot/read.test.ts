import assert from 'node:assert/strict';
import { RetryLater } from '../../../../protocol/errors.ts';
import type { Reply, Seen } from '../local-vendor.ts';
import { openApi } from './open-api.ts';

const purpose = { lane: 'background', what: 'test' } as const;

describe('HubSpot reads', () => {
  const error = (category: string): object => ({ status: 'error', category, message: 'no', context: { ids: ['2'] } });
  const answering =
    (category: string) =>
    ({ path }: Seen): Reply => {
      const results = path.includes('archived=true')
        ? []
        : [{ id: '1', properties: {}, updatedAt: '2026-11-22T00:00:00Z' }];
      return { status: 207, body: { status: 'COMPLETE', results, numErrors: 1, errors: [error(category)] } };
    };

  it('a row that HubSpot says it does not have is missing', async () => {
    const { api, vendor } = await openApi(answering('OBJECT_NOT_FOUND'));
    assert.deepEqual((await api.read('companies', ['1', '2'], [], purpose)).missing, ['2']);
    await vendor.stop();
  });

  it('a row that could not be read is never missing: the whole answer counts for nothing', async () => {
    const { api, vendor } = await openApi(answering('RATE_LIMITS'));
    await assert.rejects(api.read('companies', ['1', '2'], [], purpose), RetryLater);
    await vendor.stop();
  });
});
