import assert from 'node:assert/strict';
import { Fault } from '../../../../protocol/errors.ts';
import { openApi, type OpenApi } from './open-api.ts';

describe('The time zone of a HubSpot portal', () => {
  let open: OpenApi;
  afterEach(() => open.vendor.stop());
  const answering = async (timeZone: string): Promise<void> => {
    open = await openApi(() => ({ status: 200, body: { portalId: 77, timeZone, utcOffset: '-05:00' } }));
  };

  it('is read from the account’s details, by the name that everybody knows', async () => {
    await answering('US/Eastern');
    assert.equal(await open.api.timeZone?.(), 'America/New_York');
    assert.deepEqual(
      open.calls().map(({ method, path }) => [method, path]),
      [['GET', '/account-info/2026-09/details']],
    );
  });

  it('is a fault when nobody knows it', async () => {
    await answering('Mars/Olympus');
    await assert.rejects(
      () => open.api.timeZone?.() ?? Promise.resolve(),
      (error) => error instanceof Fault && /Mars\/Olympus/.test(error.message),
    );
  });
});
