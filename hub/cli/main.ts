import { constants } from 'node:os';
import { Command } from 'commander';
import { RapportError } from '../../protocol/errors.ts';
import { confirmDeletes } from './deletes.ts';
import { history, restore, undo, type UndoOptions } from './history.ts';
import { parked, retry } from './parked.ts';
import { reconnect } from './reconnect.ts';
import { decideRuns, runs } from './runs.ts';
import { status } from './status.ts';
import { sweep } from './sweep.ts';

// `rapport ... | head` closes the pipe when it has enough: no fault, and ended as other commands are by it.
process.stdout.on('error', (error: NodeJS.ErrnoException) => {
  if (error.code !== 'EPIPE') throw error;
  process.exit(128 + constants.signals.SIGPIPE);
});

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

program
  .command('reconnect <tenant> <installation>')
  .description('call an account again whose grant was revoked')
  .option('--grant <file>', 'a new grant, as JSON; without, the stored one is tried again')
  .action((tenant: string, installation: string, options: { grant?: string }) =>
    reconnect(tenant, installation, options),
  );

program
  .command('deletes')
  .description('rows that went all at once, of which nothing follows before a person says so')
  .command('confirm <tenant> <installation> <object>')
  .description('they are rightly gone; `rapport status` names them')
  .action((tenant: string, installation: string, object: string) => confirmDeletes(tenant, installation, object));

program
  .command('sweep <tenant> <installation>')
  .description('compare all rows of an account now')
  .action((tenant: string, installation: string) => sweep(tenant, installation));

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

program
  .command('history <vendor> <account> <object> <id>')
  .description('why each field of a row has its value, and what was lost')
  .option('--field <name>', 'only this field')
  .option('--json', 'for tools')
  .addHelpText('after', '\nExample:\n  rapport history hubspot 8801001 deals 103000000001 --field amount')
  .action((vendor: string, account: string, object: string, id: string, options: { field?: string; json?: boolean }) =>
    history({ vendor, account, object, id }, options),
  );
program
  .command('restore <tenant> <id>')
  .description('give a lost value back, named as the history names it')
  .action((tenant: string, id: string) => restore(tenant, id));
program
  .command('undo <tenant>')
  .description('take back a set of changes, but where somebody has been since')
  .requiredOption('--from <instant>', 'the first, as 2026-01-31T09:00:00Z')
  .requiredOption('--to <instant>', 'the last')
  .option('--side <side>', 'only those made in hubspot, salesforce or hub')
  .option('--user <id>', 'only those of this user of the CRM')
  .option('--field <name>', 'only this field')
  .option('--confirm', 'do it; without, only say what it would do')
  .action((tenant: string, options: UndoOptions) => undo(tenant, options));
program
  .command('parked <tenant>')
  .description('what waits, why, and what to do')
  .option('--retry <id>', 'try this one again')
  .option('--json', 'for tools')
  .action((tenant: string, options: { retry?: string; json?: boolean }) =>
    options.retry === undefined ? parked(tenant, options) : retry(tenant, options.retry),
  );

try {
  await program.parseAsync();
} catch (error) {
  process.stderr.write(
    `${error instanceof RapportError ? `${error.message} ${error.remedy}` : String((error as Error).stack)}\n`,
  );
  process.exitCode = 1;
}
