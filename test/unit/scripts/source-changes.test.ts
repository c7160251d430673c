import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { nextSourceChange, onSourceChange } from '../../../scripts/start/source-changes.ts';
import { eventually } from '../../kit/eventually.ts';

describe('scripts/start source-changes, by which `npm run dev` starts the hub again', () => {
  let root: string;
  beforeEach(() => {
    root = mkdtempSync(join(tmpdir(), 'rapport-test-source-'));
    for (const folder of ['protocol', 'mappings', 'connectors/x', 'jobs', 'hub/sync', 'sandbox'])
      mkdirSync(join(root, folder), { recursive: true });
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it('tells once of a burst of changes, in folders below too, until it is ended', async () => {
    let told = 0;
    const end = onSourceChange(root, () => (told += 1));
    for (const file of ['hub/sync/a.ts', 'connectors/x/b.ts', 'mappings/c.yaml']) writeFileSync(join(root, file), 'x');
    await eventually(() => assert.equal(told, 1));
    end();
    writeFileSync(join(root, 'hub/sync/a.ts'), 'y');
    await sleep(400);
    assert.equal(told, 1);
  });

  it('waits for the next one', async () => {
    const next = nextSourceChange(root);
    writeFileSync(join(root, 'jobs', 'd.ts'), 'x');
    await next;
  });
});
