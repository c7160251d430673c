import type { Clock } from '../../protocol/ports/clock.ts';

/** What `work` gives, or a rejection after the time. The work itself may go on: jsforce takes no signal. */
export async function within<T>(work: Promise<T>, timeout_ms: number, clock: Clock): Promise<T> {
  const settled = new AbortController();
  const late = Symbol('late');
  const timer = clock.sleep(timeout_ms, settled.signal).then(
    () => late,
    () => late,
  );
  work.catch(() => undefined);
  try {
    const first = await Promise.race([work, timer]);
    if (first === late) throw new Error(`no answer within ${timeout_ms} ms`);
    return first as T;
  } finally {
    settled.abort();
  }
}
