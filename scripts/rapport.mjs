#!/usr/bin/env node
// The `rapport` command: starts its TypeScript on the Node that the project brings, whatever Node runs this file.
import { spawnSync } from 'node:child_process';
import { existsSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { fileURLToPath } from 'node:url';

const root = dirname(dirname(fileURLToPath(import.meta.url)));
const bundled = join(root, 'node_modules', `node-${process.platform}-${process.arch}`, 'bin', 'node');
const node = existsSync(bundled) ? bundled : process.execPath;
const done = spawnSync(
  node,
  ['--disable-warning=ExperimentalWarning', join(root, 'hub', 'cli', 'main.ts'), ...process.argv.slice(2)],
  { stdio: 'inherit' },
);
process.exit(done.status ?? 1);
