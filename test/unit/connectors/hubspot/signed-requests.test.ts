import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { signedRequests } from '../../../../connectors/hubspot/signed-requests.ts';
import type { RawRequest } from '../../../../protocol/crm-connector.ts';
import { Invalid, Unverified } from '../../../../protocol/errors.ts';

const key = { clientSecret: 's3cret', publicUrl: 'https://hub.example' };
const clock = { now_ms: () => 1_800_000_000_000, sleep: () => Promise.resolve() };
const signed = signedRequests({ key, appId: '42', clock });
const verifyUi = (request: RawRequest) => signed.verifyUi(request);
const verifyAction = (request: RawRequest) => signed.verifyAction(request);

function v3(method: string, target: string, body = ''): RawRequest {
  const time = String(clock.now_ms());
  const uri = key.publicUrl + target.replaceAll('%40', '@');
  const signature = createHmac('sha256', key.clientSecret)
    .update(method + uri + body + time)
    .digest('base64');
  const headers = { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': time };
  return { method, target, headers, body: Buffer.from(body) };
}

function v2(target: string, body: string): RawRequest {
  const text = `${key.clientSecret}POST${key.publicUrl}${target}${body}`;
  const headers = {
    'x-hubspot-signature': createHash('sha256').update(text).digest('hex'),
    'x-hubspot-signature-version': 'v2',
  };
  return { method: 'POST', target, headers, body: Buffer.from(body) };
}

const asked = '/cards/deal?recordId=9&userId=77&portalId=8801001&userEmail=a%40b.io&appId=42';
const action = JSON.stringify({
  callbackId: 'ap-1-2',
  origin: { portalId: 8_801_001, actionDefinitionId: 4 },
  object: { objectId: 9, objectType: 'DEAL' },
});

describe('Signed requests of HubSpot', () => {
  it('say who asks for a card', () => {
    assert.deepEqual(verifyUi(v3('GET', asked)), { accountId: '8801001', userId: '77' });
  });

  it('are refused when unsigned, changed, ambiguous or for another app', () => {
    const good = v3('GET', asked);
    assert.throws(() => verifyUi({ ...good, headers: {} }), Unverified);
    assert.throws(() => verifyUi({ ...good, target: asked.replace('8801001', '8801002') }), Unverified);
    assert.throws(() => verifyUi(v3('GET', `${asked}&portalId=8801002`)), Unverified);
    assert.throws(() => verifyUi(v3('GET', asked.replace('appId=42', 'appId=43'))), /another app/);
    assert.throws(() => verifyUi(v3('GET', asked.replace('&userId=77', ''))), Unverified);
  });

  it('tell a workflow step, signed with v2 or v3', () => {
    const expected = { accountId: '8801001', objectId: '9', callbackId: 'ap-1-2' };
    assert.deepEqual(verifyAction(v2('/actions/research', action)), expected);
    assert.deepEqual(verifyAction(v3('POST', '/actions/research', action)), expected);
  });

  it('do not fall back to v2 when a v3 signature is wrong', () => {
    const good = v2('/actions/research', action);
    const both = {
      ...good,
      headers: { ...good.headers, 'x-hubspot-signature-v3': 'x', 'x-hubspot-request-timestamp': '1' },
    };
    assert.throws(() => verifyAction(both), Unverified);
  });

  it('are verified before they are read, and unreadable when signed but strange', () => {
    assert.throws(() => verifyAction({ ...v2('/a', action), body: Buffer.from('{') }), Unverified);
    for (const body of ['{', '[]', '{"callbackId":"x"}']) assert.throws(() => verifyAction(v2('/a', body)), Invalid);
  });
});
