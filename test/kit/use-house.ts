import assert from 'node:assert/strict';
import type { House } from './house.ts';
import { secondTenant } from './second-tenant.ts';
import { startHouse, type HouseOptions } from './start-house.ts';

/**
 * One house for the tests of this `describe`. After each test no fault is left armed, and the second tenant is byte-equal
 * to what it was: what happens at one customer never touches another.
 */
export function useHouse(options: HouseOptions = {}): () => House {
  let house: House | undefined;
  let isUntouched: () => Promise<void>;
  before(async function () {
    this.timeout(60_000);
    house = await startHouse(options);
    isUntouched = await secondTenant(house);
  });
  afterEach(async () => {
    const here = get();
    await Promise.all([here.clearFaults('hubspot'), here.clearFaults('salesforce')]);
    await Promise.all([here.clearFaults('model'), here.clearFaults('web')]);
    await isUntouched();
  });
  after(async function () {
    this.timeout(20_000);
    await house?.stop();
  });
  const get = (): House => {
    assert.ok(house, 'the house did not start');
    return house;
  };
  return get;
}
