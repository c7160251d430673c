import assert from 'node:assert/strict';
import type { LeaseKey, Leases, LeaseTerm } from '../../protocol/ports/leases.ts';

/** What all leases must do. `make` gives some that nobody has touched. */
export function leaseConformance(make: () => Promise<Leases>): void {
  let leases: Leases;
  beforeEach(async () => {
    leases = await make();
  });

  const stream = (installationId: string, tenantId = 'a'): LeaseKey => ({ tenantId, installationId, what: 'stream' });
  const token: LeaseKey = { tenantId: 'a', installationId: 'sf', what: 'token' };
  const term = (holder: string, now_ms: number): LeaseTerm => ({ holder, now_ms, lease_ms: 50 });
  const names = (keys: readonly LeaseKey[]): string[] =>
    keys.map(({ tenantId, installationId }) => `${tenantId}/${installationId}`).sort();

  it('gives a lease to one of many, and to the next when it has passed', async () => {
    const takers = ['p', 'q', 'r', 's'];
    const taken = await Promise.all(takers.map((holder) => leases.take(token, term(holder, 100))));
    assert.equal(taken.filter(Boolean).length, 1);
    assert.equal(await leases.take(token, term('late', 149)), false);
    assert.equal(await leases.take(token, term('late', 150)), true);
  });

  it('lets nobody take it twice, not even its holder', async () => {
    assert.equal(await leases.take(token, term('p', 100)), true);
    assert.equal(await leases.take(token, term('p', 101)), false);
  });

  it('is free at once when its holder gives it back, and only then', async () => {
    await leases.take(token, term('p', 100));
    await leases.giveBack(token, 'q');
    assert.equal(await leases.take(token, term('q', 101)), false);
    await leases.giveBack(token, 'p');
    assert.equal(await leases.take(token, term('q', 101)), true);
    await leases.giveBack(token, 'p');
    assert.equal(await leases.take(token, term('p', 102)), false, 'a late return leaves the next holder alone');
  });

  it('hands out what is offered: each to one, other kinds apart, no more than asked for', async () => {
    for (const key of [stream('1'), stream('2'), stream('1', 'b'), token]) await leases.offer(key);
    const first = await leases.takeOffered('stream', term('p', 100), 2);
    assert.equal(first.length, 2);
    const [second, third] = await Promise.all(
      ['q', 'r'].map((holder) => leases.takeOffered('stream', term(holder, 100), 5)),
    );
    assert.deepEqual(names([...first, ...(second ?? []), ...(third ?? [])]), ['a/1', 'a/2', 'b/1']);
  });

  it('an offer made again changes nothing for the holder', async () => {
    await leases.offer(stream('1'));
    await leases.takeOffered('stream', term('p', 100), 5);
    await leases.offer(stream('1'));
    assert.deepEqual(await leases.takeOffered('stream', term('q', 101), 5), []);
  });

  it('renews all of a holder’s leases, and says which it still has', async () => {
    for (const id of ['1', '2', '3']) await leases.offer(stream(id));
    await leases.takeOffered('stream', term('p', 100), 5);
    await leases.withdraw(stream('2'));
    assert.deepEqual(names(await leases.renew('stream', term('p', 140))), ['a/1', 'a/3']);
    assert.deepEqual(await leases.takeOffered('stream', term('q', 189), 5), []);
    assert.equal((await leases.takeOffered('stream', term('q', 190), 1)).length, 1);
    assert.equal((await leases.renew('stream', term('p', 191))).length, 1, 'what another took is lost');
  });

  it('takes over the longest free first', async () => {
    for (const [id, at_ms] of [
      ['1', 120],
      ['2', 100],
      ['3', 110],
    ] as const) {
      await leases.offer(stream(id));
      await leases.takeOffered('stream', term('p', at_ms), 5);
    }
    assert.deepEqual(names(await leases.takeOffered('stream', term('q', 165), 1)), ['a/2']);
    assert.deepEqual(names(await leases.takeOffered('stream', term('q', 165), 5)), ['a/3']);
  });

  it('what is withdrawn nobody gets, until it is offered again', async () => {
    await leases.offer(stream('1'));
    await leases.withdraw(stream('1'));
    assert.deepEqual(await leases.takeOffered('stream', term('p', 100), 5), []);
    await leases.offer(stream('1'));
    assert.equal((await leases.takeOffered('stream', term('p', 100), 5)).length, 1);
  });
}
