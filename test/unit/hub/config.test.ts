import assert from 'node:assert/strict';
import { readConfig } from '../../../hub/config.ts';
import { Invalid } from '../../../protocol/errors.ts';

const enough = {
  DATABASE_URL: 'postgres://hub@127.0.0.1/rapport',
  HUBSPOT_CLIENT_ID: 'id',
  HUBSPOT_CLIENT_SECRET: 'secret',
  OPENAI_API_KEY: 'key',
};

const local = {
  HUBSPOT_BASE_URL: 'http://127.0.0.1:4010',
  SALESFORCE_LOGIN_URL: 'http://localhost:4020',
  SALESFORCE_PUBSUB_URL: 'http://[::1]:4021',
};

/** What is said of an environment that does not do. */
function faultsOf(env: Record<string, string | undefined>): string {
  try {
    readConfig(env);
  } catch (error) {
    assert.ok(error instanceof Invalid, String(error));
    assert.match(error.remedy, /Correct these variables/);
    return error.message;
  }
  assert.fail('the environment was taken');
}

describe('hub/config', () => {
  it('needs little, binds loopback, and takes an empty variable as absent', () => {
    const config = readConfig({ ...enough, HOST: '', REDIS_URL: '' });
    assert.equal(config.HOST, '127.0.0.1');
    assert.equal(config.publicUrl, 'http://127.0.0.1:4000');
    assert.equal(config.REDIS_URL, undefined);
    assert.ok(Object.isFrozen(config));
  });

  it('lists everything that is missing at once, also what only several variables together say', () => {
    const message = faultsOf({});
    for (const name of ['DATABASE_URL', 'HUBSPOT_CLIENT_ID', 'HUBSPOT_CLIENT_SECRET'])
      assert.match(message, new RegExp(`^  ${name} is missing$`, 'm'));
    assert.match(message, /OPENAI_API_KEY or ANTHROPIC_API_KEY: give one of them/);
    assert.match(message, /has 4 faults/);
  });

  it('lists every value that cannot be right, by its name', () => {
    const wrong = {
      PORT: '70000',
      PUBLIC_URL: 'rapport.example',
      DATABASE_URL: 'mysql://x',
      REDIS_URL: 'http://x',
      ENCRYPTION_KEY: 'c2hvcnQ=',
      HUBSPOT_APP_ID: 'seven',
      HUBSPOT_BASE_URL: 'localhost:4010',
      VENDOR_LIMITS: 'maybe',
      LOG_LEVEL: 'loud',
    };
    const message = faultsOf({ ...enough, ...wrong });
    for (const name of Object.keys(wrong)) assert.match(message, new RegExp(`  ${name}: `));
  });

  it('never repeats a secret that it refuses', () => {
    const message = faultsOf({ ...enough, ENCRYPTION_KEY: 'hush-hush', DATABASE_URL: 'hub:pass-word@db' });
    assert.doesNotMatch(message, /hush|pass-word/);
  });

  for (const name of Object.keys(local))
    it(`does not start when only ${name} is a real address`, () => {
      const message = faultsOf({ ...enough, ...local, [name]: 'https://crm.example' });
      assert.match(message, new RegExp(`${name}.*must not be mixed`));
    });

  it('says that CRMs are local only when all are', () => {
    assert.equal(readConfig({ ...enough, ...local }).crmsAreLocal, true);
    assert.equal(readConfig(enough).crmsAreLocal, false);
    for (const host of ['127.0.0.1.example.com', 'localhost.example.com', '127.evil.example']) {
      const env = Object.fromEntries(Object.keys(local).map((name) => [name, `https://${host}`]));
      assert.equal(readConfig({ ...enough, ...env }).crmsAreLocal, false, host);
    }
  });
});
