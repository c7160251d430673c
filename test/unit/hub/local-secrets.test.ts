import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { mkdtempSync, readdirSync, readFileSync, rmSync, statSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { apiToken, derivedKey, encryptionKeys } from '../../../hub/local-secrets.ts';

describe('hub/local-secrets', () => {
  let dataDir = '';
  beforeEach(() => {
    dataDir = mkdtempSync(join(tmpdir(), 'rapport-secrets-'));
  });
  afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

  it('keeps what it made, in files that only their owner can read', () => {
    const { token, hash } = apiToken(dataDir);
    const keys = encryptionKeys(dataDir, undefined);
    assert.deepEqual(apiToken(dataDir), { token, hash });
    assert.deepEqual(encryptionKeys(dataDir, undefined), keys);
    assert.equal(hash, createHash('sha256').update(token).digest('hex'));
    assert.deepEqual(readdirSync(dataDir).sort(), ['api-token', 'encryption-key']);
    for (const name of readdirSync(dataDir)) assert.equal(statSync(join(dataDir, name)).mode & 0o777, 0o600, name);
  });

  it('writes no file for a key that the environment gives', () => {
    const given = Buffer.alloc(32, 7);
    const keys = encryptionKeys(dataDir, given.toString('base64'));
    assert.deepEqual(keys.keys[keys.current], given);
    assert.deepEqual(readdirSync(dataDir), []);
    assert.ok(!given.toString('hex').includes(keys.current), 'the id of a key is no part of it');
  });

  it('derives another key for each purpose', () => {
    const keys = encryptionKeys(dataDir, undefined);
    const [one, other] = ['one', 'other'].map((purpose) => derivedKey(keys, purpose).toString('hex'));
    assert.notEqual(one, other);
    assert.equal(derivedKey(keys, 'one').toString('hex'), one);
    assert.ok(!readFileSync(join(dataDir, 'encryption-key'), 'utf8').includes(one ?? ''));
  });
});
