import { setTimeout as sleep } from 'node:timers/promises';

/** Resolves when no process has this id any more. */
export async function untilGone(pid: number): Promise<void> {
  for (;;) {
    try {
      process.kill(pid, 0);
    } catch {
      return;
    }
    await sleep(5);
  }
}
