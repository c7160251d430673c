import { registerHooks } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { withBug, type PlantedBug } from './planted-bug.ts';

const root = join(import.meta.dirname, '..', '..', '..');

/** From now on this process loads the file with the bug in it; `isPlanted` tells whether it has. Call it before any engine is imported. */
export function plant(bug: PlantedBug): { isPlanted(): boolean } {
  const { href } = pathToFileURL(join(root, bug.file));
  let planted = false;
  registerHooks({
    load(url, context, nextLoad) {
      const loaded = nextLoad(url, context);
      if (url !== href) return loaded;
      planted = true;
      return { ...loaded, source: withBug(bug, textOf(loaded.source)) };
    },
  });
  return { isPlanted: () => planted };
}

function textOf(source: unknown): string {
  return typeof source === 'string' ? source : Buffer.from(source as Uint8Array).toString('utf8');
}
