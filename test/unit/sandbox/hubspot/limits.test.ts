import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const search = '/crm/objects/2026-09/deals/search';

describe('HubSpot stand-in: limits (HubSpot docs, usage guidelines)', () => {
  let hubspot: StandIn;
  let token: string;
  beforeEach(async () => {
    hubspot = await StandIn.start();
    token = await hubspot.appToken();
  });
  afterEach(() => hubspot.stop());

  it('an app has 110 calls in ten seconds, told by headers, then 429 TEN_SECONDLY_ROLLING', async () => {
    const call = () => hubspot.call('GET', '/account-info/2026-09/details', undefined, token);
    const first = await call();
    assert.equal(first.headers.get('x-hubspot-ratelimit-max'), '110');
    assert.equal(first.headers.get('x-hubspot-ratelimit-remaining'), '109');
    assert.equal(first.headers.get('x-hubspot-ratelimit-interval-milliseconds'), '10000');
    for (let at = 0; at < 109; at += 1) await call();
    const over = await call();
    assert.equal(over.status, 429);
    assert.equal(over.body.errorType, 'RATE_LIMIT');
    assert.equal(over.body.policyName, 'TEN_SECONDLY_ROLLING');
    assert.equal(over.body.message, 'You have reached your ten_secondly_rolling limit.');
    assert.equal(over.headers.get('retry-after'), null);
    hubspot.context.clock.advance(10_001);
    assert.equal((await call()).status, 200);
  });

  it('searches have five a second of their own, without headers', async () => {
    for (let at = 0; at < 5; at += 1) {
      const { status, headers } = await hubspot.call('POST', search, {}, token);
      assert.equal(status, 200);
      assert.equal(headers.get('x-hubspot-ratelimit-max'), null);
    }
    const over = await hubspot.call('POST', search, {}, token);
    assert.equal(over.body.policyName, 'SECONDLY');
    assert.equal(over.body.message, 'You have reached your secondly limit.');
  });

  it('a person has none, and steering lifts the app’s', async () => {
    for (let at = 0; at < 7; at += 1) assert.equal((await hubspot.call('POST', search, {})).status, 200);
    await hubspot.call('POST', '/_sandbox/limits', { enabled: false });
    for (let at = 0; at < 7; at += 1) assert.equal((await hubspot.call('POST', search, {}, token)).status, 200);
  });
});
