import { readFile, stat } from 'node:fs/promises';
import { stripTypeScriptTypes } from 'node:module';
import { extname, join } from 'node:path';
import type Koa from 'koa';

/** Modules that every page of the sandbox shares. */
export const browserFolder = join(import.meta.dirname, 'browser');

const types: Record<string, string> = { '.css': 'css', '.json': 'json' };

/** Sends a file, TypeScript with its types off, or 304 if the browser has it. An unknown file stays a 404. */
export async function sendClientFile(ctx: Koa.Context, folder: string, name: string): Promise<void> {
  if (!/^[a-z-]+\.(?:ts|js|css|json)$/.test(name)) return;
  const path = join(folder, name);
  const found = await stat(path).catch(() => undefined);
  if (!found) return;
  ctx.status = 200;
  ctx.type = types[extname(name)] ?? 'js';
  ctx.etag = `${found.size}-${found.mtimeMs}`;
  ctx.set('cache-control', 'no-cache');
  if (ctx.fresh) {
    ctx.status = 304;
    return;
  }
  const source = await readFile(path, 'utf8');
  ctx.body = name.endsWith('.ts') ? stripTypeScriptTypes(source) : source;
}
