/** Repeats a task every `pause_ms` while the page is seen, and at once when it is seen again. A task that fails is tried again the next time. */
export function pollWhileVisible(pause_ms: number, task: () => Promise<void>): void {
  const run = async (): Promise<void> => {
    if (document.visibilityState === 'hidden') await seenAgain();
    await task().catch(() => undefined);
    setTimeout(() => void run(), pause_ms);
  };
  setTimeout(() => void run(), pause_ms);
}

function seenAgain(): Promise<void> {
  return new Promise((resolve) => {
    document.addEventListener('visibilitychange', () => resolve(), { once: true });
  });
}
