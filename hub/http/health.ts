import type { Store } from '../../protocol/ports/store.ts';
import type { Route } from './route.ts';

/** `/`: what this address is. `live`: the process answers. `ready`: the main job can run. */
export function healthRoutes(deps: { store: Store; ready: () => boolean }): Route[] {
  return [
    {
      method: 'GET',
      path: '/',
      policy: 'open',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        ctx.body = {
          what: 'The hub of Rapport. It has no pages: people see it in HubSpot and Salesforce, operators by the `rapport` command.',
          health: ['/health/live', '/health/ready'],
          api: '/api/status, with the API token of this hub',
          desk: 'With the sandbox, `npm start` prints the address of the desk, which shows both CRMs side by side.',
        };
      },
    },
    {
      method: 'GET',
      path: '/health/live',
      policy: 'open',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        ctx.body = { status: 'live' };
      },
    },
    {
      method: 'GET',
      path: '/health/ready',
      policy: 'open',
      bodyLimit_bytes: 0,
      handle: async (ctx) => {
        const database = await deps.store.ping().then(
          () => true,
          () => false,
        );
        const ready = database && deps.ready();
        ctx.status = ready ? 200 : 503;
        ctx.body = { status: ready ? 'ready' : 'starting', database };
      },
    },
  ];
}
