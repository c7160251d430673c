import { spawn } from 'node:child_process';
import { constants, setPriority } from 'node:os';

/** What went wrong stands first; what follows is usage and traces. */
const LONGEST_OUTPUT = 600;

/** Runs programs one after another at low priority, so that the sandbox and the hub stay quick; `stop` ends what runs. */
export class ChildProcesses {
  #stop: (() => void) | undefined;
  #stopped = false;

  /** Rejects with the beginning of what the program wrote to its error output when it ends with anything but 0. */
  run(command: string, args: readonly string[], cwd: string): Promise<void> {
    if (this.#stopped) return Promise.reject(new Error('The sandbox is stopping.'));
    return new Promise((resolve, reject) => {
      // A group of its own, so that stopping it also ends what it started.
      const child = spawn(command, args, { cwd, detached: true, stdio: ['ignore', 'ignore', 'pipe'] });
      let errors = '';
      this.#stop = () => {
        // npm takes seconds to end when asked; half of an installation is no harm, it has no stamp.
        if (child.pid) process.kill(-child.pid, 'SIGKILL');
      };
      if (child.pid) setPriority(child.pid, constants.priority.PRIORITY_LOW);
      child.stderr.on('data', (chunk: Buffer) => {
        errors = (errors + chunk.toString('utf8')).slice(0, LONGEST_OUTPUT);
      });
      child.once('error', (error) => reject(new Error(`${command} could not be started: ${error.message}`)));
      child.once('close', (code) => {
        this.#stop = undefined;
        if (code === 0) resolve();
        else reject(new Error(errors.trim() || `${command} ended with ${code}`));
      });
    });
  }

  stop(): void {
    this.#stopped = true;
    this.#stop?.();
  }
}
