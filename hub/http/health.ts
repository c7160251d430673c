import type { Store } from '../../protocol/ports/store.ts';
import type { Route } from './route.ts';

/** `live`: the process answers. `ready`: the main job can run. */
export function healthRoutes(deps: { store: Store; ready: () => boolean }): Route[] {
  return [
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
