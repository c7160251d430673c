import { Command } from 'commander';
import { RapportError } from '../../protocol/errors.ts';
import { decideRuns, runs } from './runs.ts';
import { status } from './status.ts';

const program = new Command('rapport').description('One true story of every client.');
program
  .command('serve')
  .description('run the hub by its environment')
  .option('--roles <list>', 'only these roles, separated by commas; ROLES in the environment does the same')
  .action(async (options: { roles?: string }) => (await import('./serve.ts')).serve(options));
program
  .command('status')
  .description('what is connected, what waits, what went wrong')
  .option('--json', 'for tools')
  .action((options: { json?: boolean }) => status(options));

const held = program
  .command('runs')
  .description('runs of a bulk change that wait for a person, and what they would cost')
  .option('--json', 'for tools')
  .action((options: { json?: boolean }) => runs(options));
for (const decision of ['start', 'cancel'] as const)
  held
    .command(`${decision} <group>`)
    .description(`${decision} all runs of a group, named as the list names it`)
    .action((group: string) => decideRuns(decision, group));

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(
    `${error instanceof RapportError ? `${error.message} ${error.remedy}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
