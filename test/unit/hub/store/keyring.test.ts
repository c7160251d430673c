import assert from 'node:assert/strict';
import { Keyring } from '../../../../hub/store/keyring.ts';
import { Fault, Invalid } from '../../../../protocol/errors.ts';
import { filledStore, sql } from './rig.ts';

const key = (byte: number): Buffer => Buffer.alloc(32, byte);

describe('hub/store Keyring', () => {
  const ring = new Keyring({ current: 'k2', keys: { k1: key(1), k2: key(2) } });

  it('opens what it sealed, at the same place only', () => {
    const sealed = ring.seal('secret ü', ['a', 'hs']);
    assert.equal(sealed.keyId, 'k2');
    assert.equal(ring.open(sealed, ['a', 'hs']), 'secret ü');
    for (const place of [['b', 'hs'], ['a', 'sf'], ['a'], ['ahs'], ['a', 'hs', '']]) {
      assert.throws(() => ring.open(sealed, place), Fault);
    }
  });

  it('seals the same text differently each time, and never shows it', () => {
    const [one, two] = [ring.seal('secret', ['a']), ring.seal('secret', ['a'])];
    assert.notEqual(one.sealed, two.sealed);
    assert.ok(!Buffer.from(one.sealed, 'base64').includes('secret'));
  });

  it('refuses what was altered', () => {
    const { keyId, sealed } = ring.seal('secret', ['a']);
    const bytes = Buffer.from(sealed, 'base64');
    for (const at of [0, 12, bytes.length - 1]) {
      const altered = Buffer.from(bytes);
      altered[at] = (altered[at] ?? 0) ^ 1;
      assert.throws(() => ring.open({ keyId, sealed: altered.toString('base64') }, ['a']), Fault);
    }
    assert.throws(() => ring.open({ keyId, sealed: bytes.subarray(0, 20).toString('base64') }, ['a']));
  });

  it('opens with an earlier key, and finds what it hashed', () => {
    const before = new Keyring({ current: 'k1', keys: { k1: key(1) } });
    assert.equal(ring.open(before.seal('old', ['a']), ['a']), 'old');
    assert.ok(ring.hashes(['a', '1']).includes(before.hash(['a', '1'])));
    assert.notEqual(before.hash(['a', '1']), ring.hash(['a', '1']));
    assert.notEqual(ring.hash(['a', '1']), ring.hash(['a1']));
  });

  it('says what is wrong with keys', () => {
    assert.throws(() => new Keyring({ current: 'k9', keys: { k1: key(1) } }), Invalid);
    assert.throws(() => new Keyring({ current: 'k1', keys: { k1: Buffer.alloc(16) } }), /16 bytes/);
    assert.throws(() => ring.open({ keyId: 'gone', sealed: '' }, []), Invalid);
  });

  it('keeps two tenants’ grants from being swapped', async () => {
    const { store, database } = await filledStore();
    try {
      await sql(
        database.ownerUrl,
        `create temp table moved as select * from installation_grant where false;
         set app.tenant = 'a'; insert into moved select * from installation_grant where installation_id = 'hs';
         set app.tenant = 'b';
         update installation_grant g set sealed = m.sealed from moved m where g.installation_id = 'hs'`,
      );
      assert.deepEqual(await store.tenant('a', (tx) => tx.grant('hs')), { key: 'a' });
      await assert.rejects(
        store.tenant('b', (tx) => tx.grant('hs')),
        Fault,
      );
    } finally {
      await store.close();
    }
  });
});
