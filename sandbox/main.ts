import { parseArgs } from 'node:util';
import { SeedConflict, startSandbox } from './start.ts';
import { usualPorts } from './usual-ports.ts';

/** `node sandbox/main.ts --data DIR --seed N --hubspot DIR --salesforce DIR`: the sandbox as a process of its own. */
const { values } = parseArgs({
  options: {
    data: { type: 'string' },
    seed: { type: 'string' },
    hubspot: { type: 'string' },
    salesforce: { type: 'string' },
  },
});
const port = (name: keyof typeof usualPorts): number => Number(process.env[name] || usualPorts[name]);

/** Which variable moves what wanted this port. */
function portIsTaken(taken: number | undefined): string {
  const name = (Object.keys(usualPorts) as (keyof typeof usualPorts)[]).find((one) => port(one) === taken);
  return `Port ${taken} is taken: stop what uses it, or set ${name ?? 'SANDBOX_*_PORT'} to another.`;
}

try {
  const sandbox = await startSandbox({
    dataDir: values.data ?? '.data',
    seed: values.seed === undefined ? undefined : Number(values.seed),
    host: '127.0.0.1',
    ports: {
      hubspot: port('SANDBOX_HUBSPOT_PORT'),
      salesforce: port('SANDBOX_SALESFORCE_PORT'),
      pubsub: port('SANDBOX_PUBSUB_PORT'),
      model: port('SANDBOX_MODEL_PORT'),
      web: port('SANDBOX_WEB_PORT'),
      desk: port('SANDBOX_DESK_PORT'),
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
  const { code, port: taken, message, stack } = error as NodeJS.ErrnoException & { port?: number };
  const known = code === 'EADDRINUSE' ? portIsTaken(taken) : error instanceof SeedConflict ? message : undefined;
  process.stderr.write(`${known ?? String(stack)}\n`);
  process.exit(1);
}
