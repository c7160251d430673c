import assert from 'node:assert/strict';
import { z } from 'zod';
import { jsonBody } from '../../../../hub/http/json-body.ts';
import { Invalid } from '../../../../protocol/errors.ts';

const schema = z.strictObject({ id: z.string().regex(/^\d+$/, 'digits only'), clickId: z.uuid() });
const message = (text: string): string => {
  try {
    jsonBody(Buffer.from(text), schema);
  } catch (error) {
    assert.ok(error instanceof Invalid);
    return error.message;
  }
  assert.fail('the body was taken');
};

describe('hub/http jsonBody', () => {
  it('answers the body', () => {
    const body = { id: '7', clickId: 'c5c5f1a8-1a1e-4b8c-9c3e-0a1b2c3d4e5f' };
    assert.deepEqual(jsonBody(Buffer.from(JSON.stringify(body)), schema), body);
  });

  it('names every field that is wrong, and takes no field it does not know', () => {
    assert.equal(message('{'), 'The body is not JSON.');
    const text = message('{"id":"x","clickId":"1","tenantId":"b"}');
    for (const part of ['id: digits only', 'clickId: ', 'tenantId']) assert.ok(text.includes(part), text);
    assert.match(message('[]'), /^body: /);
  });

  it('does not let a prototype in', () => {
    assert.match(message('{"__proto__":{"id":"7"},"clickId":"c5c5f1a8-1a1e-4b8c-9c3e-0a1b2c3d4e5f"}'), /id: /);
  });
});
