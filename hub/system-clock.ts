import { setTimeout as wait } from 'node:timers/promises';
import type { Clock } from '../protocol/ports/clock.ts';

/** The machine's own time. */
export const systemClock: Clock = {
  now_ms: () => Date.now(),
  sleep: (duration_ms, signal) =>
    wait(duration_ms, undefined, signal ? { signal } : {}).then(undefined, () => undefined),
};
