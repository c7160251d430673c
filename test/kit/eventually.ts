import { setTimeout as sleep } from 'node:timers/promises';

/** Repeats `look` until it throws no more, and answers with what it gave; after `within_ms` its last error is thrown. */
export async function eventually<T>(look: () => Promise<T> | T, within_ms = 8_000): Promise<T> {
  const until_ms = Date.now() + within_ms;
  for (;;) {
    try {
      return await look();
    } catch (error) {
      if (Date.now() > until_ms) throw error;
    }
    await sleep(30);
  }
}
