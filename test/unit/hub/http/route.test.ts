import assert from 'node:assert/strict';
import { checkRoutes, type Policy, type Route } from '../../../../hub/http/route.ts';
import { createApp } from '../../../../hub/http/server.ts';
import { Fault } from '../../../../protocol/errors.ts';

const log = { debug() {}, info() {}, warn() {}, error() {} };

function route(more: Partial<Route> = {}): Route {
  return { method: 'GET', path: '/a', policy: 'open', bodyLimit_bytes: 0, handle: async () => undefined, ...more };
}

describe('hub/http routes', () => {
  it('are taken when each has a policy and its own place', () => {
    checkRoutes([route(), route({ method: 'POST' }), route({ path: '/b', policy: 'api-token' })]);
  });

  for (const policy of [undefined, '', 'public'] as (Policy | undefined)[])
    it(`stop the boot when one has the policy ${String(policy)}`, () => {
      const { policy: _, ...none } = route({ path: '/naked' });
      const naked = { ...none, policy } as Route;
      assert.throws(() => createApp([route(), naked], log), { name: Fault.name, message: /GET \/naked has no policy/ });
    });

  it('stop the boot when two are one', () => {
    assert.throws(() => createApp([route(), route()], log), /GET \/a is there twice/);
  });
});
