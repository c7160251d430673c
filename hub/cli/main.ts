import { Command } from 'commander';
import { RapportError } from '../../protocol/errors.ts';
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

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(
    `${error instanceof RapportError ? `${error.message} ${error.remedy}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
