import assert from 'node:assert/strict';
import { useHouse } from '../kit/use-house.ts';

describe('flow: the first sync of two tenants', () => {
  const house = useHouse();

  it('opens writing everywhere and starts no run', async () => {
    const { tenants } = await house().status();
    assert.equal(tenants.length, 2);
    for (const { installations, status } of tenants) {
      assert.deepEqual(
        installations.map(({ state, brokenReason }) => ({ state, brokenReason })),
        Array.from({ length: 2 }, () => ({ state: 'writing', brokenReason: null })),
      );
      assert.deepEqual(status.runs, {}, 'deals that are already in the stage start nothing');
      assert.ok((status.records['deal'] ?? 0) >= 60);
    }
  });
});
