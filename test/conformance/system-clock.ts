import { setTimeout as sleep } from 'node:timers/promises';
import type { Clock } from '../../protocol/ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now_ms: () => Date.now(),
  sleep: (duration_ms, signal) => sleep(duration_ms, undefined, { ref: false, ...(signal && { signal }) }),
};
