import assert from 'node:assert/strict';
import { createHash, createHmac } from 'node:crypto';
import { verifyV2, verifyV3 } from '../../../../connectors/hubspot/signature.ts';
import type { RawRequest } from '../../../../protocol/crm-connector.ts';
import { Unverified } from '../../../../protocol/errors.ts';

const clientSecret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const key = { clientSecret, publicUrl: 'https://www.example.com' };

function request(signature: string, timestamp: string, more: Partial<RawRequest> = {}): RawRequest {
  return {
    method: 'POST',
    target: '/webhook_uri',
    headers: { 'x-hubspot-signature-v3': signature, 'x-hubspot-request-timestamp': timestamp },
    body: Buffer.from("{'example_field':'example_value'}"),
    ...more,
  };
}

function signed(target: string, uri: string, now_ms: number): RawRequest {
  const body = Buffer.from('[{"a":1}]');
  const hmac = createHmac('sha256', clientSecret).update(`POST${uri}`).update(body).update(String(now_ms));
  return { ...request(hmac.digest('base64'), String(now_ms), { body }), target };
}

describe('HubSpot signature v3', () => {
  for (const [timestamp, signature] of [
    ['1693657560000', 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y='],
    ['1700000300000', 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw='],
  ] as const) {
    it(`accepts the published vector of ${timestamp}, within 5 minutes either way`, () => {
      const now_ms = Number(timestamp);
      verifyV3(request(signature, timestamp), key, now_ms);
      verifyV3(request(signature, timestamp), key, now_ms + 300_000);
      verifyV3(request(signature, timestamp), key, now_ms - 300_000);
      for (const off_ms of [300_001, -300_001]) {
        assert.throws(() => verifyV3(request(signature, timestamp), key, now_ms + off_ms), Unverified);
      }
    });
  }

  it('refuses a timestamp that is not digits, or a missing header', () => {
    for (const timestamp of ['', 'NaN', '1693657560000 ', '1.69e12', '-1693657560000', '0x18a55b']) {
      assert.throws(() => verifyV3(request('x', timestamp), key, 1_693_657_560_000), Unverified);
    }
    assert.throws(() => verifyV3({ ...request('x', '1'), headers: {} }, key, 1), /no X-HubSpot-Signature-v3/);
  });

  it('decodes exactly the escapes HubSpot decodes', () => {
    const target = '/c?userEmail=a%40b.io&u=https%3A%2F%2Fx%3F&m=%21%24%27%28%29%2A%2C%3B&s=%20%26%2B';
    const decoded = "/c?userEmail=a@b.io&u=https://x?&m=!$'()*,;&s=%20%26%2B";
    verifyV3(signed(target, `https://www.example.com${decoded}`, 5), key, 5);
    assert.throws(() => verifyV3(signed(target, `https://www.example.com${target}`, 5), key, 5), Unverified);
  });

  it('takes the address from the settings, whatever the headers say', () => {
    const good = signed('/x', 'https://www.example.com/x', 5);
    const forwarded = { host: 'evil.example', 'x-forwarded-host': 'evil.example', 'x-forwarded-proto': 'http' };
    verifyV3({ ...good, headers: { ...good.headers, ...forwarded } }, key, 5);
  });

  it('refuses every single flipped bit of every signed part, as sent or as a server reads it', () => {
    const now_ms = 1_700_000_300_000;
    const good = signed(
      '/hooks?portalId=7&x=%40&y=%3a@',
      'https://www.example.com/hooks?portalId=7&x=@&y=%3a@',
      now_ms,
    );
    verifyV3(good, key, now_ms);
    const { headers } = good;
    const parts: Record<string, [string | Buffer, (altered: Buffer) => Partial<RawRequest>]> = {
      method: [good.method, (altered) => ({ method: altered.toString('latin1') })],
      target: [good.target, (altered) => ({ target: altered.toString('latin1') })],
      body: [good.body, (altered) => ({ body: altered })],
    };
    // A server takes blanks off the ends of a header: a bit that makes one shortens what is compared.
    for (const name of ['x-hubspot-signature-v3', 'x-hubspot-request-timestamp'])
      for (const [how, read] of [
        ['as sent', (value: string) => value],
        ['as read', (value: string) => value.replace(/^[ \t]+|[ \t]+$/g, '')],
      ] as const)
        parts[`${name} ${how}`] = [
          headers[name] ?? '',
          (altered) => ({ headers: { ...headers, [name]: read(altered.toString('latin1')) } }),
        ];
    for (const [part, [value, alter]] of Object.entries(parts)) {
      const bytes = Buffer.from(value);
      for (let bit = 0; bit < bytes.length * 8; bit += 1) {
        const altered = Buffer.from(bytes);
        altered[bit >> 3] = (altered[bit >> 3] ?? 0) ^ (1 << (bit & 7));
        const bad = { ...good, ...alter(altered) };
        assert.throws(() => verifyV3(bad, key, now_ms), Unverified, `bit ${bit} of the ${part}`);
      }
    }
  });
});

describe('HubSpot signature v2', () => {
  const body = Buffer.from('{"callbackId":"c1"}');
  const hash = createHash('sha256').update(`${clientSecret}POSThttps://www.example.com/actions/run`).update(body);
  const headers = { 'x-hubspot-signature': hash.digest('hex'), 'x-hubspot-signature-version': 'v2' };
  const good: RawRequest = { method: 'POST', target: '/actions/run', headers, body };

  it('accepts secret + method + URI + body, and nothing else', () => {
    verifyV2(good, key);
    assert.throws(() => verifyV2({ ...good, target: '/actions/other' }, key), Unverified);
    assert.throws(() => verifyV2({ ...good, body: Buffer.from('{}') }, key), Unverified);
    assert.throws(() => verifyV2(good, { ...key, clientSecret: 'another' }), Unverified);
  });

  it('refuses v1, which signs less', () => {
    const v1 = createHash('sha256').update(clientSecret).update(body).digest('hex');
    const v1Headers = { 'x-hubspot-signature': v1, 'x-hubspot-signature-version': 'v1' };
    assert.throws(() => verifyV2({ ...good, headers: v1Headers }, key), /version is not v2/);
  });
});
