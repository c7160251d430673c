import assert from 'node:assert/strict';
import type { House } from './house.ts';

/** Remembers what the second tenant has in both CRMs; the answer throws when a byte of it is another by then. */
export async function secondTenant(house: House): Promise<() => Promise<void>> {
  const untouched = await house.content('b');
  return async () => {
    const now = await house.content('b');
    assert.deepEqual(
      now.filter((line) => !untouched.includes(line)),
      [],
      'rows of the second tenant changed',
    );
    assert.equal(now.length, untouched.length, 'rows of the second tenant are gone');
  };
}
