import type Koa from 'koa';
import { Fault } from '../../protocol/errors.ts';

/** Who may call a route. Checked by the route's own guard before its handler sees anything. */
export type Policy =
  /** Anybody: says nothing about any tenant. */
  | 'open'
  /** The vendor's signature over the raw bytes. */
  | 'vendor-signature'
  /** A token that a connected org obtained for its component. */
  | 'component-token'
  /** The client id and secret of a connected org. */
  | 'client-credentials'
  /** The operator's API token. */
  | 'api-token';

export interface Route {
  method: 'GET' | 'POST';
  path: string;
  policy: Policy;
  /** Largest body in bytes; above it the caller sees 413. */
  bodyLimit_bytes: number;
  /** Told of a body that was not read because it is larger. */
  onTooLarge?: () => void;
  handle: (ctx: Koa.Context, body: Buffer) => Promise<void>;
}

const policies: ReadonlySet<Policy> = new Set<Policy>([
  'open',
  'vendor-signature',
  'component-token',
  'client-credentials',
  'api-token',
]);

/** Throws Fault unless every route names a policy that exists and no two routes are one. */
export function checkRoutes(routes: readonly Route[]): void {
  const seen = new Set<string>();
  for (const route of routes) {
    const name = `${route.method} ${route.path}`;
    if (!policies.has(route.policy)) throw new Fault(`Route ${name} has no policy.`);
    if (seen.has(name)) throw new Fault(`Route ${name} is there twice.`);
    seen.add(name);
  }
}
