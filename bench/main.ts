import { parseArgs } from 'node:util';
import { formatTable } from './kit/format-table.ts';
import type { Row } from './kit/row.ts';
import { Scene } from './kit/scene.ts';
import { burst } from './burst/burst.ts';
import { intake } from './intake/intake.ts';
import { start } from './start/start.ts';
import { visibility } from './visibility/visibility.ts';

/*
 * `npm run bench [-- --json] [-- NAME...] [-- --unthrottled]`: each row is ours beside its floor, from one run. Starts what it
 * needs on free ports and data directories of its own, and stops it all.
 */
const { values, positionals } = parseArgs({
  options: { json: { type: 'boolean' }, unthrottled: { type: 'boolean' } },
  allowPositionals: true,
});
const benches: Readonly<Record<string, () => Promise<Row[]>>> = {
  visibility: () => visibility({ unthrottled: values.unthrottled === true }),
  intake,
  burst,
  start,
};
const unknown = positionals.filter((name) => !benches[name]);
if (unknown.length > 0) {
  console.error(`There is no benchmark ${unknown.join(', ')}. There are: ${Object.keys(benches).join(', ')}.`);
  process.exit(2);
}
for (const signal of ['SIGINT', 'SIGTERM'] as const)
  process.once(signal, () => void Scene.endAll().finally(() => process.exit(1)));

const rows: Row[] = [];
for (const [name, run] of Object.entries(benches)) {
  if (positionals.length > 0 && !positionals.includes(name)) continue;
  process.stderr.write(`${name} ...\n`);
  try {
    rows.push(...(await run()));
  } catch (error) {
    process.stderr.write(`${name} did not end well: ${String((error as Error).stack)}\n`);
    process.exitCode = 1;
  }
}
console.log(values.json ? JSON.stringify(rows, null, 2) : formatTable(rows));
