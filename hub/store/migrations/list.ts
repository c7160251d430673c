import { Budget } from './budget.ts';
import { Identity } from './identity.ts';
import { Inbox } from './inbox.ts';
import { Initial } from './initial.ts';
import { Lease } from './lease.ts';
import { Sweep } from './sweep.ts';

/** In order. A migration that has shipped is never changed; a new one is added. */
export const migrations = [
  { name: '2026-11-22-initial', class: Initial },
  { name: '2026-11-22-inbox', class: Inbox },
  { name: '2026-11-22-lease', class: Lease },
  { name: '2026-11-23-budget', class: Budget },
  { name: '2026-11-23-identity', class: Identity },
  { name: '2026-11-23-sweep', class: Sweep },
];
