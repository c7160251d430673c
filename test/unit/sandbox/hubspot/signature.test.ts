import assert from 'node:assert/strict';
import { signV1, signV2, signV3 } from '../../../../sandbox/hubspot/signature.ts';

const secret = 'yyyyyyyy-yyyy-yyyy-yyyy-yyyyyyyyyyyy';
const request = {
  method: 'POST',
  uri: 'https://www.example.com/webhook_uri',
  body: "{'example_field':'example_value'}",
};

describe('HubSpot stand-in: signatures (HubSpot docs, request validation: the published vectors)', () => {
  it('version 3', () => {
    assert.equal(signV3(secret, request, 1_693_657_560_000), 'K36dawei4A+QBNolUOqo7s91KQDWQ5MXZ/QufNYuk/Y=');
    assert.equal(signV3(secret, request, 1_700_000_300_000), 'RnbPH7+UMKVkbV32P8bz450N4M56aPmcru1+D3kSDtw=');
  });

  it('version 3 decodes only the listed escapes of the URI', () => {
    const signed = (uri: string) => signV3(secret, { ...request, uri }, 1);
    assert.equal(
      signed('https://x.example/?userEmail=a%40b.example'),
      signed('https://x.example/?userEmail=a@b.example'),
    );
    assert.notEqual(signed('https://x.example/?name=a%20b'), signed('https://x.example/?name=a b'));
    assert.notEqual(signed('https://x.example/?name=a%26b'), signed('https://x.example/?name=a&b'));
  });

  it('versions 1 and 2 are hex of a plain hash', () => {
    assert.match(signV1(secret, request.body), /^[0-9a-f]{64}$/);
    assert.notEqual(signV2(secret, request), signV1(secret, request.body));
  });
});
