import assert from 'node:assert/strict';
import { checkPorts, unreadNames } from '../../../scripts/start/check-environment.ts';

describe('scripts/start check-environment', () => {
  it('takes ports and blanks, and names all that are no port', () => {
    checkPorts({ PORT: '4000', SANDBOX_WEB_PORT: '0', SANDBOX_DESK_PORT: '', OTHER_PORT: 'x' });
    for (const text of ['abc', '-1', '65536', '4e3', ' 80', '1.5'])
      assert.throws(() => checkPorts({ PORT: text }), /PORT=.*a port is a whole number/, text);
    assert.throws(
      () => checkPorts({ PORT: 'x', SANDBOX_DESK_PORT: 'y' }),
      /^Invalid: PORT=x and SANDBOX_DESK_PORT=y: /,
    );
  });

  it('finds what nothing reads', () => {
    const names = [
      'HUBSPOT_BASEURL',
      'HUBSPOT_BASE_URL',
      'SANDBOX_DESK_PROT',
      'SANDBOX_DESK_PORT',
      'NODE_OPTIONS',
      'HTTPS_PROXY',
      'TZ',
    ];
    assert.deepEqual(unreadNames(names), ['HUBSPOT_BASEURL', 'SANDBOX_DESK_PROT']);
  });
});
