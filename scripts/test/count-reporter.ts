import { writeFileSync } from 'node:fs';
import Mocha from 'mocha';

const patience_ms = 15_000;

/** Mocha's own reporter, which also writes its counts to the file COUNTS_FILE, and ends a run that does not end by itself. */
export default class CountReporter extends Mocha.reporters.Spec {
  constructor(runner: Mocha.Runner, options: Mocha.MochaOptions) {
    super(runner, options);
    runner.once('end', () => {
      const { passes, failures, pending } = this.stats;
      const file = process.env['COUNTS_FILE'];
      if (file) writeFileSync(file, JSON.stringify({ passed: passes, failed: failures, skipped: pending }));
      setTimeout(() => {
        process.stderr.write(
          `The tests are done, but this stays open: ${process.getActiveResourcesInfo().join(', ')}.\n`,
        );
        // Mocha sets its own code at the exit; this listener comes after Mocha's.
        process.once('exit', () => {
          process.exitCode = 1;
        });
        process.exit();
      }, patience_ms).unref();
    });
  }
}
