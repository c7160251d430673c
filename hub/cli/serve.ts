import { RapportError } from '../../protocol/errors.ts';
import { readConfig } from '../config.ts';
import { startHub } from '../main.ts';

/** `rapport serve`: the hub as a process of its own, by its environment. */
export async function serve(options: { roles?: string }): Promise<void> {
  try {
    const hub = await startHub(
      readConfig({ ...process.env, ...(options.roles === undefined ? {} : { ROLES: options.roles }) }),
    );
    const stop = (): void => void hub.stop().finally(() => process.exit(0));
    process.once('SIGINT', stop);
    process.once('SIGTERM', stop);
    // Whoever started us was killed: nobody else would stop us.
    process.once('disconnect', stop);
    process.send?.({ ready: hub.port });
  } catch (error) {
    const { code, message, stack } = error as NodeJS.ErrnoException;
    if (code === 'EADDRINUSE')
      process.stderr.write(
        `${message.replace('listen EADDRINUSE: address already in use ', 'Port ')} is taken: stop what uses it, or set PORT.\n`,
      );
    else process.stderr.write(`${error instanceof RapportError ? `${message}\n${error.remedy}` : String(stack)}\n`);
    process.exit(1);
  }
}
