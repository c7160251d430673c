import { parseArgs } from 'node:util';
import { SeedConflict, startSandbox } from './start.ts';

/** `node sandbox/main.ts --data DIR --seed N --hubspot DIR --salesforce DIR`: the sandbox as a process of its own. */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string' },
    hubspot: { type: 'string' },
    salesforce: { type: 'string' },
  },
});
const port = (name: string, usual: number): number => Number(process.env[name] ?? usual);

try {
  const sandbox = await startSandbox({
    dataDir: values.data ?? '.data',
    seed: values.seed === undefined ? undefined : Number(values.seed),
    host: '127.0.0.1',
    ports: {
      hubspot: port('SANDBOX_HUBSPOT_PORT', 4010),
      salesforce: port('SANDBOX_SALESFORCE_PORT', 4020),
      pubsub: port('SANDBOX_PUBSUB_PORT', 4021),
      model: port('SANDBOX_MODEL_PORT', 4030),
      web: port('SANDBOX_WEB_PORT', 4040),
      desk: port('SANDBOX_DESK_PORT', 4050),
    },
    hubUrl: process.env['SANDBOX_HUB_URL'] ?? 'http://127.0.0.1:4000',
    projects: { hubspot: values.hubspot ?? 'crm-apps/hubspot', salesforce: values.salesforce ?? 'crm-apps/salesforce' },
    build: true,
  });
  const stop = (): void => void sandbox.stop().finally(() => process.exit(0));
  process.once('SIGINT', stop);
  process.once('SIGTERM', stop);
  // Whoever started us was killed: nobody else would stop us.
  process.once('disconnect', stop);
  process.send?.({ ready: sandbox.ports });
} catch (error) {
  const { code, message } = error as NodeJS.ErrnoException;
  const taken =
    code === 'EADDRINUSE'
      ? `${message.replace('listen EADDRINUSE: address already in use ', 'Port ')} is taken: stop what uses it, or set SANDBOX_*_PORT.`
      : message;
  process.stderr.write(
    `${error instanceof SeedConflict || code === 'EADDRINUSE' ? taken : String((error as Error).stack)}\n`,
  );
  process.exit(1);
}
