import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { allBugs } from '../../sim/planted/all-bugs.ts';
import { withBug } from '../../sim/planted/planted-bug.ts';

const root = join(import.meta.dirname, '..', '..', '..');

describe('planted bugs', () => {
  it('are forty at least, each with a name of its own', () => {
    assert.ok(allBugs.length >= 40, `${allBugs.length}`);
    assert.equal(new Set(allBugs.map(({ name }) => name)).size, allBugs.length);
  });

  for (const bug of allBugs)
    it(`applies: ${bug.name}`, () => {
      const source = readFileSync(join(root, bug.file), 'utf8');
      const planted = withBug(bug, source);
      assert.notEqual(planted, source);
      // It is still a program.
      stripTypeScriptTypes(planted);
    });

  it('is refused where it applies to no place, or to two', () => {
    const bug = { name: 'x', file: 'x.ts', find: 'a', replace: 'b' };
    assert.throws(() => withBug(bug, 'none'), /applies to 0 places of x\.ts/);
    assert.throws(() => withBug(bug, 'a a'), /applies to 2 places/);
  });
});
