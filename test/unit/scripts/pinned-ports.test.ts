import assert from 'node:assert/strict';
import { readConfig } from '../../../hub/config.ts';
import { usualPorts } from '../../../sandbox/usual-ports.ts';

// Tools rely on these: bookmarks, scripts and the README name them.
describe('the usual addresses', () => {
  it('of the stand-ins', () => {
    assert.deepEqual(usualPorts, {
      SANDBOX_HUBSPOT_PORT: 4010,
      SANDBOX_SALESFORCE_PORT: 4020,
      SANDBOX_PUBSUB_PORT: 4021,
      SANDBOX_MODEL_PORT: 4030,
      SANDBOX_WEB_PORT: 4040,
      SANDBOX_DESK_PORT: 4050,
    });
  });

  it('of the hub: loopback, and its data in .data', () => {
    const enough = { DATABASE_URL: 'postgres://h/d', HUBSPOT_CLIENT_ID: 'i', HUBSPOT_CLIENT_SECRET: 's' };
    const { HOST, PORT, DATA_DIR } = readConfig({ ...enough, OPENAI_API_KEY: 'k' });
    assert.deepEqual({ HOST, PORT, DATA_DIR }, { HOST: '127.0.0.1', PORT: 4000, DATA_DIR: '.data' });
  });
});
