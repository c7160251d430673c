import { watch } from 'node:fs';
import { join } from 'node:path';

/** Calls back once per burst of changes in the product's own source; the answer ends it. */
export function onSourceChange(root: string, changed: () => void): () => void {
  let timer: NodeJS.Timeout | undefined;
  const watchers = ['protocol', 'mappings', 'connectors', 'jobs', 'hub'].map((folder) =>
    watch(join(root, folder), { recursive: true }, () => {
      clearTimeout(timer);
      timer = setTimeout(changed, 150);
    }),
  );
  return () => {
    for (const watcher of watchers) watcher.close();
  };
}

/** Resolves at the next of them. */
export function nextSourceChange(root: string): Promise<void> {
  return new Promise((resolve) => {
    const end = onSourceChange(root, () => {
      end();
      resolve();
    });
  });
}
