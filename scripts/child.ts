import { fork, type ChildProcess } from 'node:child_process';

export interface Child {
  /** What the process said when it was ready. */
  ready: unknown;
  stop(): Promise<void>;
  /** Ends the process at once, as a crash would. For tests. */
  kill(): void;
  /** Resolves with the exit code when the process ends. */
  ended: Promise<number | null>;
}

const patience_ms = 10_000;

/**
 * Starts one of our programs and waits until it says that it is ready. Throws with what it printed when it ends before.
 * `started` is told its pid at once; `signal` ends it while it is not ready yet.
 */
export async function startChild(
  script: string,
  args: readonly string[],
  env: Readonly<Record<string, string | undefined>>,
  onOutput: (text: string) => void,
  options: { started?: (pid: number) => void; signal?: AbortSignal } = {},
): Promise<Child> {
  const child: ChildProcess = fork(script, args, {
    env: { ...process.env, ...env },
    execArgv: ['--disable-warning=ExperimentalWarning'],
    stdio: ['ignore', 'pipe', 'pipe', 'ipc'],
    // Ctrl-C reaches us alone; we stop the others in order.
    detached: true,
  });
  if (child.pid) options.started?.(child.pid);
  const giveUp = (): void => void child.kill('SIGTERM');
  options.signal?.addEventListener('abort', giveUp);
  // Until it is ready, what it says is kept: it is the reason when it ends instead.
  let said = '';
  let isReady = false;
  child.stdout?.setEncoding('utf8').on('data', onOutput);
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    if (isReady) onOutput(text);
    else said = (said + text).slice(-4_000);
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  const ready = await new Promise<unknown>((resolve, reject) => {
    child.once('message', (message) => resolve((message as { ready: unknown }).ready));
    child.once('error', reject);
    void ended.then(() => reject(new Error(said.trim() || `${script} ended before it was ready.`)));
  }).finally(() => options.signal?.removeEventListener('abort', giveUp));
  isReady = true;
  if (said !== '') onOutput(said);
  return {
    ready,
    ended,
    kill: () => void child.kill('SIGKILL'),
    async stop() {
      child.kill('SIGTERM');
      const timer = setTimeout(() => child.kill('SIGKILL'), patience_ms);
      await ended;
      clearTimeout(timer);
    },
  };
}
