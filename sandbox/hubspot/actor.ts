import type { Source } from './record.ts';

/** Who makes a call: a person at a portal, or an app that is installed there. */
export interface Actor {
  kind: 'person' | 'app';
  portalId: number;
  source: Source;
  /** What the app was granted. A person's reach is not limited here. */
  scopes: readonly string[];
}
