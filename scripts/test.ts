import { parseArgs } from 'node:util';
import { noCounts, sum, totalLine } from './test/counts.ts';
import { runStep, type Step } from './test/step.ts';

const mocha = (...args: string[]): string[] => ['mocha', '--reporter', './scripts/test/count-reporter.ts', ...args];

const steps: readonly Step[] = [
  { name: 'format', title: 'Format', commands: [{ run: ['oxfmt', '--check'] }] },
  {
    name: 'lint',
    title: 'Lint, with types',
    needs: ['builders', 'browser'],
    commands: [{ run: ['oxlint', '--type-aware'] }],
  },
  { name: 'types', title: 'Types', needs: ['builders', 'browser'], commands: [{ run: ['tsc', '--noEmit'] }] },
  {
    name: 'unit',
    title: 'House rules, units and conformance',
    commands: [
      {
        run: mocha('test/**/*.test.ts', '--ignore', 'test/{browser,chaos,flow,sim}/**'),
        // The bell's suite empties the Redis it is given: only one that was given for tests.
        env: { REDIS_URL: process.env['TEST_REDIS_URL'] },
        counts: 'mocha',
      },
    ],
  },
  {
    name: 'flow',
    title: 'From door to door over the sandbox',
    commands: [{ run: mocha('test/{flow,sim}/**/*.test.ts'), counts: 'mocha' }],
  },
  {
    name: 'chaos',
    title: 'Processes and servers killed under load',
    commands: [{ run: mocha('test/chaos/**/*.test.ts'), counts: 'mocha' }],
  },
  {
    name: 'crm-apps',
    title: 'The HubSpot card and the Lightning component, with their own compilers',
    needs: ['crm-apps'],
    commands: [
      { run: ['npm', 'run', '--silent', 'typecheck'], folder: 'crm-apps/hubspot/src/app/cards' },
      { run: ['npm', 'test', '--silent'], folder: 'crm-apps/hubspot/src/app/cards', counts: 'node' },
      { run: ['npm', 'run', '--silent', 'typecheck'], folder: 'crm-apps/salesforce' },
    ],
  },
  {
    name: 'browser',
    title: 'The pages in Chromium',
    needs: ['builders', 'browser'],
    commands: [{ run: mocha('--config', 'test/browser/.mocharc.json'), counts: 'mocha' }],
  },
];

/** `npm test`: everything, in order, to the end; `-- --only unit,flow` for some of it. Ends with 1 if anything failed. */
const names = steps.map(({ name }) => name);
const { values } = parseArgs({ options: { only: { type: 'string' } } });
const only = values.only?.split(',') ?? names;
const unknown = only.filter((name) => !names.includes(name));
if (unknown.length > 0) {
  console.error(`There is no step ${unknown.join(', ')}. The steps are ${names.join(', ')}.`);
  process.exit(1);
}

const seconds = (from_ms: number): string => `${((performance.now() - from_ms) / 1000).toFixed(1)} s`;
const totals = [];
const failed: string[] = [];
for (const step of steps.filter(({ name }) => only.includes(name))) {
  const from_ms = performance.now();
  console.log(`\n== ${step.title} (${step.name})\n`);
  const counted = sum(await runStep(step));
  totals.push(counted);
  if (counted.failed > 0) failed.push(step.name);
  console.log(`${counted.failed > 0 ? 'FAILED' : 'ok'}: ${step.name}, ${seconds(from_ms)}`);
}
console.log(`\n${failed.length > 0 ? `Failed: ${failed.join(', ')}` : 'All passed'}, in ${seconds(0)}`);
console.log(totalLine(totals.length > 0 ? sum(totals) : noCounts));
process.exitCode = failed.length > 0 ? 1 : 0;
