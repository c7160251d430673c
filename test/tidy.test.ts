import assert from 'node:assert/strict';
import { circles } from './tidy/circles.ts';
import { deadFiles, unusedExports } from './tidy/dead-code.ts';
import { fences, isProduct, roomOf, whyForbidden } from './tidy/import-table.ts';
import { lockFaults, loosePins, type Lock, type Manifest } from './tidy/lock-faults.ts';
import { readSources } from './tidy/read-sources.ts';
import type { Effect, Source } from './tidy/source.ts';
import { listFiles, readJson, readText } from './tidy/tree.ts';

const largest_lines = 300;
const aim_lines = 120;

/** One line a fault, so that the message of a failing rule is the list of what to put right. */
function none(faults: readonly string[], rule: string): void {
  if (faults.length > 0) assert.fail(`${rule}:\n  ${faults.join('\n  ')}`);
}

describe('tidy: the house rules', () => {
  let files: string[];
  let sources: Source[];
  let code: Source[];
  const matching = (pattern: RegExp): string[] => files.filter((path) => pattern.test(path));

  before(() => {
    files = listFiles();
    const projects = ['crm-apps/hubspot/src/app/cards', 'crm-apps/salesforce'].map((app) => `${app}/tsconfig.json`);
    sources = readSources(['tsconfig.json', ...projects]).filter(({ path }) => files.includes(path));
    code = sources.filter(({ path }) => !path.startsWith('crm-apps/'));
    assert.ok(code.length > 400 && sources.length > code.length, 'the rules must see the whole repository');
  });

  describe('imports', () => {
    const arrows = (): { from: string; to: string }[] =>
      sources.flatMap(({ path, imports }) =>
        imports.flatMap(({ target }) => (target === undefined ? [] : [{ from: path, to: target }])),
      );

    it('every file stands in a room of the import table', () => {
      none(
        sources.map(({ path }) => path).filter((path) => !roomOf(path)),
        'Move these, or name their room in test/tidy/import-table.ts',
      );
    });

    it('arrows point down only', () => {
      const faults = arrows().flatMap(({ from, to }) => whyForbidden(from, to)?.replace(/^/, `${from} `) ?? []);
      none(faults, 'See the import table in test/tidy/import-table.ts');
    });

    it('only the registry names connectors, mappings and jobs', () => {
      const faults = sources.flatMap(({ path, imports }) =>
        path.startsWith('hub/') && path !== 'hub/registry.ts'
          ? imports
              .filter(({ target, typeOnly }) => {
                if (!/^(?:connectors|mappings|jobs)\//.test(target ?? '')) return false;
                return !(path === 'hub/research-input.ts' && typeOnly);
              })
              .map(({ target }) => `${path} names ${target}`)
          : [],
      );
      none(faults, 'Let hub/registry.ts hand it in');
    });

    it('a package that one room owns is imported there alone', () => {
      const faults = sources
        .filter(({ path }) => isProduct(path))
        .flatMap(({ path, imports }) =>
          fences.flatMap(({ packages, rooms }) =>
            imports
              .filter(({ specifier }) => packages.test(specifier) && !rooms.includes(roomOf(path)?.name ?? ''))
              .map(({ specifier }) => `${path} imports ${specifier}, which belongs to ${rooms.join(', ')}`),
          ),
        );
      none(faults, 'Use a port of protocol/ports');
    });

    it('no circles, type imports included', () => {
      const graph = new Map<string, string[]>(sources.map(({ path }) => [path, []]));
      for (const { from, to } of arrows()) graph.get(from)?.push(to);
      none(
        circles(graph).map((group) => group.join(' <-> ')),
        'Move what both need below both',
      );
    });

    it('relative imports end with the file’s own extension', () => {
      const faults = code.flatMap(({ path, imports }) =>
        imports
          .filter(({ specifier }) => /^\.\.?\//.test(specifier) && !/\.(?:tsx?|mjs|json)$/.test(specifier))
          .map(({ specifier }) => `${path}: ${specifier}`),
      );
      none(faults, 'Write the extension');
    });

    it('no barrel files', () => {
      const faults = sources.filter(({ path, isBarrel }) => isBarrel || /(?:^|\/)index\.tsx?$/.test(path));
      none(
        faults.map(({ path }) => path),
        'Import from the file that has it',
      );
    });
  });

  describe('files', () => {
    it(`no file of code is longer than ${largest_lines} lines`, () => {
      const measured = matching(/\.(?:tsx?|mjs|js|css|html|cls|yaml)$/)
        .map((path) => ({ path, lines: readText(path).trimEnd().split('\n').length }))
        .sort((one, other) => other.lines - one.lines);
      const list = (least: number): string[] =>
        measured.filter(({ lines }) => lines > least).map(({ path, lines }) => `${lines} ${path}`);
      const above = list(aim_lines);
      none(list(largest_lines), `Split these; ${above.length} files are above the aim of ${aim_lines}`);
    });

    it('names are kebab-case', () => {
      const kebab = /^(?:[a-z0-9]+(?:-[a-z0-9]+)*\/)*[a-z0-9]+(?:-[a-z0-9]+)*(?:\.(?:test|d))?\.\w+$/;
      const ours = matching(/^(?:protocol|mappings|connectors|jobs|hub|sandbox|bench|scripts|test)\//);
      none(
        ours.filter((path) => !kebab.test(path) && !/\/(?:\.[^/]+|README\.md)$/.test(path)),
        'Rename these',
      );
    });

    it('no dead files', () => {
      const scripts = JSON.stringify((readJson('package.json') as { scripts: object }).scripts);
      const helped = matching(/\.mjs$/)
        .map(readText)
        .join('\n');
      const isEntry = (path: string): boolean =>
        path.endsWith('.test.ts') ||
        // Found by their folder.
        path.startsWith('test/scenarios/complaints/') ||
        scripts.includes(path) ||
        path === 'hub/cli/main.ts' ||
        path === 'sandbox/main.ts' ||
        path.endsWith('.d.ts') ||
        helped.includes(path);
      none(deadFiles(code, isEntry), 'Remove these, or use them');
    });

    it('no unused exports', () => {
      none(unusedExports(code), 'Remove these, or take `export` away');
    });

    it('every flow test ends with the second tenant byte-equal', () => {
      // These ask nothing of the hub's tenants: they start and stop it.
      const without = /^test\/flow\/start(?:-\w+)?\.test\.ts$/;
      const checks = /\b(?:useHouse|secondTenant)\(/;
      none(
        matching(/^test\/flow\/[^/]+\.test\.ts$/).filter((path) => !without.test(path) && !checks.test(readText(path))),
        'Take the house from test/kit/use-house.ts, or check with test/kit/second-tenant.ts',
      );
    });

    it('no work left for later', () => {
      const marks = /(?:\/\/|\*|#|<!--).*\b(?:TO[D]O|FIX[M]E|HA[C]K|XX[X])\b/;
      none(grep(matching(/\.(?:tsx?|mjs|js|css|html|cls|yaml|sh|md)$/), marks), 'Do it, or open an issue');
    });

    it('no test narrows or skips', () => {
      none(
        sources.flatMap(({ path, narrowed }) => narrowed.map((what) => `${path}: ${what}`)),
        'Run all tests; one that cannot run is pending by name, without a body',
      );
    });

    it('no addresses of one machine or one registry', () => {
      const written = files.filter((path) => !path.endsWith('package-lock.json'));
      const places =
        /(?:^|[\s"'`(=:])\/(?:home|Users|root|work|mnt)\/\w|\/\/(?:registry|npm|artifactory|nexus|mirror)\.[\w.-]+/;
      none(grep(written, places), 'Say it relative to the repository');
    });
  });

  describe('effects', () => {
    /** What each part of the product must be given as an argument, so that a seed replays a failure. */
    const rules: { where: RegExp; kinds: Effect['kind'][]; except: readonly string[] }[] = [
      {
        where: /^(?:protocol|mappings|jobs|hub\/(?:budget|inbound|sync|runs|view|workflow|conversation))\//,
        kinds: ['clock', 'chance', 'timer', 'network', 'environment'],
        except: [],
      },
      {
        where: /^connectors\//,
        kinds: ['clock', 'chance', 'environment'],
        // A gRPC deadline is a moment of the machine's own clock.
        except: ['connectors/salesforce/pubsub/subscribe.ts'],
      },
      { where: /^hub\/(?!cli\/)/, kinds: ['environment'], except: [] },
    ];

    it('clock, chance, timers, network and environment come in as ports', () => {
      const faults = rules.flatMap(({ where, kinds, except }) =>
        code
          .filter(({ path }) => where.test(path) && !except.includes(path))
          .flatMap(({ path, effects }) =>
            effects.filter(({ kind }) => kinds.includes(kind)).map(({ kind, text }) => `${path}: ${text} (${kind})`),
          ),
      );
      none([...new Set(faults)], 'Take it from a port');
    });

    it('the planners compute only', () => {
      const planners = ['hub/sync/reconcile.ts', 'hub/runs/match.ts', 'mappings/mapper.ts'];
      // Packages that compute only, too.
      const computing = new Set(['tldts']);
      const byPath = new Map(code.map((source) => [source.path, source]));
      const reached = new Set(planners);
      const faults: string[] = [];
      for (const path of reached) {
        const source = byPath.get(path);
        assert.ok(source, `${path} is a planner by test/tidy.test.ts and is not there`);
        if (source.isAsync) faults.push(`${path} waits`);
        for (const { specifier, target, typeOnly } of source.imports) {
          if (typeOnly) continue;
          if (target) reached.add(target);
          else if (!computing.has(specifier)) faults.push(`${path} imports ${specifier}`);
        }
      }
      none(faults, 'A planner, and all it imports, does no I/O and waits for nothing');
    });
  });

  describe('packages', () => {
    const manifests = (): { folder: string; manifest: Manifest }[] =>
      matching(/(?:^|\/)package\.json$/).map((path) => ({
        folder: path.slice(0, -'package.json'.length),
        manifest: readJson(path) as Manifest,
      }));

    it('versions are pinned exactly', () => {
      none(
        manifests().flatMap(({ folder, manifest }) =>
          loosePins(manifest).map((pin) => `${folder}package.json: ${pin}`),
        ),
        'Pin these',
      );
    });

    it('every lock file is complete, true to its package file and bound to no registry', () => {
      const faults = manifests().flatMap(({ folder, manifest }) => {
        const path = `${folder}package-lock.json`;
        if (!files.includes(path)) return [`${path} is missing`];
        return lockFaults(manifest, readJson(path) as Lock).map((fault) => `${path}: ${fault}`);
      });
      none(faults, 'Install again with `npm install`, and pin a release whose packages are all there');
    });
  });
});

function grep(paths: readonly string[], pattern: RegExp): string[] {
  return paths.flatMap((path) =>
    readText(path)
      .split('\n')
      .flatMap((line, index) => (pattern.test(line) ? [`${path}:${index + 1}: ${line.trim().slice(0, 120)}`] : [])),
  );
}
