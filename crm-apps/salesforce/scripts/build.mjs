// Compiles src/lwc to force-app/main/default/lwc: tsc writes the JavaScript, templates, styles and metadata are copied.
import { spawnSync } from 'node:child_process';
import { cpSync, rmSync } from 'node:fs';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const project = dirname(dirname(fileURLToPath(import.meta.url)));
const source = join(project, 'src', 'lwc');
const target = join(project, 'force-app', 'main', 'default', 'lwc');

rmSync(target, { recursive: true, force: true });
const tsc = createRequire(import.meta.url).resolve('typescript/bin/tsc');
const compiled = spawnSync(process.execPath, [tsc, '--project', join(project, 'tsconfig.json')], { stdio: 'inherit' });
if (compiled.status !== 0) {
  console.error('The components were not built: correct the errors of tsc above.');
  process.exit(1);
}
cpSync(source, target, { recursive: true, filter: (path) => !path.endsWith('.ts') });
