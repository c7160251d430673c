import assert from 'node:assert/strict';
import { circles } from '../../tidy/circles.ts';
import { deadFiles, unusedExports } from '../../tidy/dead-code.ts';
import { roomOf, whyForbidden } from '../../tidy/import-table.ts';
import { lockFaults, loosePins } from '../../tidy/lock-faults.ts';
import type { Source } from '../../tidy/source.ts';

const source = (path: string, more: Partial<Source> = {}): Source => ({
  path,
  imports: [],
  exports: [],
  isBarrel: false,
  effects: [],
  isAsync: false,
  narrowed: [],
  strings: new Set(),
  names: new Map(),
  ...more,
});
const imports = (target: string, names: string[] = []): Source['imports'] => [
  { specifier: target, target, names, typeOnly: false },
];

describe('rules of test/tidy', () => {
  it('the import table lets arrows point down and no other way', () => {
    for (const [from, to] of [
      ['hub/http/api.ts', 'hub/view/deal-view.ts'],
      ['hub/sync/deliver.ts', 'protocol/errors.ts'],
      ['hub/sync/deliver.ts', 'hub/sync/deps.ts'],
      ['connectors/hubspot/read.ts', 'connectors/hubspot/rows.ts'],
      ['hub/main.ts', 'hub/queue.ts'],
      ['hub/cli/serve.ts', 'hub/main.ts'],
      ['test/unit/x.test.ts', 'sandbox/start.ts'],
    ] as const)
      assert.equal(whyForbidden(from, to), undefined, `${from} -> ${to}`);
    for (const [from, to] of [
      ['protocol/job.ts', 'mappings/load.ts'],
      ['connectors/hubspot/read.ts', 'connectors/salesforce/read.ts'],
      ['jobs/research/research-job.ts', 'connectors/web/fetch-page.ts'],
      ['hub/sync/deliver.ts', 'hub/runs/match.ts'],
      ['hub/sync/deliver.ts', 'hub/store/rows.ts'],
      ['hub/http/api.ts', 'hub/main.ts'],
      ['hub/queue.ts', 'hub/store/db.ts'],
      ['hub/main.ts', 'sandbox/start.ts'],
      ['sandbox/start.ts', 'protocol/nouns.ts'],
      ['scripts/start.ts', 'test/kit/postgres.ts'],
    ] as const)
      assert.ok(whyForbidden(from, to), `${from} -> ${to}`);
    assert.equal(roomOf('hub/surprise/x.ts'), undefined);
    assert.equal(roomOf('connectors/loose.ts'), undefined);
  });

  it('circles are found, of any length, and nothing else', () => {
    const graph = new Map([
      ['a', ['b']],
      ['b', ['c']],
      ['c', ['a', 'd']],
      ['d', []],
      ['e', ['d']],
    ]);
    assert.deepEqual(circles(graph), [['a', 'b', 'c']]);
  });

  it('a file is dead that no entry leads to by import or by name', () => {
    const all = [
      source('sandbox/main.ts', { imports: imports('sandbox/a.ts') }),
      source('sandbox/a.ts', { strings: new Set(['./worker.ts']) }),
      source('sandbox/worker.ts'),
      source('sandbox/left.ts', { imports: imports('sandbox/a.ts') }),
    ];
    assert.deepEqual(
      deadFiles(all, (path) => path.endsWith('main.ts')),
      ['sandbox/left.ts'],
    );
  });

  it('an export is unused that nobody takes; a type may be part of a shape', () => {
    const all = [
      source('a.ts', {
        exports: [
          { name: 'taken', isType: false },
          { name: 'left', isType: false },
          { name: 'Shape', isType: true },
          { name: 'LeftShape', isType: true },
        ],
        names: new Map([
          ['left', 3],
          ['Shape', 2],
          ['LeftShape', 1],
        ]),
      }),
      source('b.ts', { imports: imports('a.ts', ['taken']), exports: [{ name: 'loadedByName', isType: false }] }),
    ];
    assert.deepEqual(unusedExports(all), ['a.ts: left', 'a.ts: LeftShape']);
  });

  it('a lock file is faulty that drifts, misses an optional package or names a registry', () => {
    const packages = {
      '': { dependencies: { a: '1.0.0' } },
      'node_modules/a': { optionalDependencies: { 'a-linux': '1.0.0', 'a-darwin': '1.0.0' } },
      'node_modules/a/node_modules/a-linux': { resolved: 'https://packages.example/a-linux.tgz' },
    };
    assert.deepEqual(lockFaults({ dependencies: { a: '1.0.1' } }, { packages }), [
      'a is not locked as the package file asks',
      'a-darwin, which node_modules/a needs, is missing',
      "node_modules/a/node_modules/a-linux is bound to one registry's address",
    ]);
    assert.deepEqual(loosePins({ dependencies: { a: '^1.0.0', b: '1.0.0-beta.17' } }), ['a ^1.0.0']);
  });
});
