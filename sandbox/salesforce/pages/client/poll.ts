/** Repeats a task every `pause_ms` while the page is seen; a task that fails is tried again the next time. */
export function pollWhileVisible(pause_ms: number, task: () => Promise<void>): void {
  const again = (): void => {
    setTimeout(() => void run(), pause_ms);
  };
  const run = async (): Promise<void> => {
    if (document.visibilityState === 'visible') await task().catch(() => undefined);
    again();
  };
  again();
}
