import assert from 'node:assert/strict';
import { Invalid } from '../../../../protocol/errors.ts';
import { describeOf, openApi } from './open-api.ts';

describe('Salesforce person accounts', () => {
  it('are refused with what to do; an org without them is not', async () => {
    for (const [fields, isRefused] of [
      [['Id', 'Name', 'IsPersonAccount'], true],
      [['Id', 'Name'], false],
    ] as const) {
      const { api, vendor } = await openApi(() => ({ status: 200, body: {} }), { describe: () => describeOf(fields) });
      const refusal = await api.unsuited?.();
      assert.equal(refusal instanceof Invalid, isRefused);
      if (refusal) assert.match(`${refusal.message} ${refusal.remedy}`, /person accounts.*Connect an org without/);
      await vendor.stop();
    }
  });
});
