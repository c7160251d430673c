import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { startBuildQueue, type BuildPlan } from '../../../../sandbox/builders/build-queue.ts';

const countingScript = `
import { appendFileSync, writeFileSync } from 'node:fs';
const [, project, , out] = process.argv.slice(2);
appendFileSync(new URL('../runs', import.meta.url), 'x');
writeFileSync(out + '/card.js', 'built from ' + project);
`;
const failingScript = `process.stderr.write('no such icon: moon'); process.exit(1);`;

describe('build queue', () => {
  let home: string;
  let bundles: string;

  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'builds-'));
    bundles = join(home, 'bundles');
  });
  afterEach(() => rmSync(home, { recursive: true, force: true }));

  const plan = (script: string, project = 'project'): BuildPlan => {
    for (const folder of ['builder/node_modules', project]) mkdirSync(join(home, folder), { recursive: true });
    writeFileSync(join(home, 'builder', 'build.ts'), script);
    writeFileSync(join(home, 'builder', 'package.json'), '{"type":"module"}');
    writeFileSync(join(home, 'builder', 'package-lock.json'), '{}');
    // The hash of that lock file: nothing is to be installed.
    const stamp = '44136fa355b3678a1146ad16f7e8649e94fb4fc21fe77e8310c060f61caaff8a';
    writeFileSync(join(home, 'builder', 'node_modules', '.installed'), stamp);
    writeFileSync(join(home, project, 'card.tsx'), 'one');
    return {
      name: 'card',
      title: 'HubSpot card',
      project: join(home, project),
      builder: join(home, 'builder'),
      script: 'build.ts',
      packages: [],
    };
  };
  const run = async (one: BuildPlan) => {
    const builds = startBuildQueue(bundles, [one]);
    await builds.finished();
    return builds.state()[0]!;
  };
  const runs = (): number => readFileSync(join(home, 'runs'), 'utf8').length;

  it('returns at once, builds, and says where the result lies', async () => {
    const builds = startBuildQueue(bundles, [plan(countingScript)]);
    assert.equal(builds.state()[0]?.state, 'waiting');
    await builds.finished();
    const [state] = builds.state();
    assert.equal(state?.state, 'ready');
    assert.equal(readFileSync(join(state.path!, 'card.js'), 'utf8'), `built from ${join(home, 'project')}`);
  });

  it('finds the result where it was told, also by a path from where the sandbox was started', async () => {
    bundles = relative(process.cwd(), bundles);
    const { state, path } = await run(plan(countingScript));
    assert.equal(state, 'ready');
    assert.ok(readFileSync(join(path!, 'card.js'), 'utf8').startsWith('built'));
  });

  it('says so when a builder ends well and built nothing, and takes no empty folder for a result', async () => {
    const empty = await run(plan('process.exit(0);'));
    assert.deepEqual([empty.state, /built nothing/.test(empty.message)], ['failed', true]);
  });

  it('builds the same content once, and changed content again', async () => {
    const one = plan(countingScript);
    const first = await run(one);
    assert.deepEqual((await run(one)).path, first.path);
    assert.equal(runs(), 1);
    writeFileSync(join(home, 'project', 'card.tsx'), 'two');
    assert.notEqual((await run(one)).path, first.path);
    assert.equal(runs(), 2);
  });

  it('tells what the builder said and what to do, and keeps nothing of a failed build', async () => {
    const state = await run(plan(failingScript));
    assert.equal(state.state, 'failed');
    assert.equal(state.path, undefined);
    assert.match(state.message, /HubSpot card: not built\. no such icon: moon Put right what it names/);
    assert.equal((await run(plan(countingScript))).state, 'ready');
  });

  it('names a project folder that is not there', async () => {
    const missing = { ...plan(countingScript), project: join(home, 'elsewhere') };
    assert.match((await run(missing)).message, /There is no folder .*elsewhere/);
  });

  it('ends a running build when the sandbox stops', async () => {
    const builds = startBuildQueue(bundles, [plan('setTimeout(() => {}, 60_000);')]);
    while (builds.state()[0]?.state !== 'building') await new Promise((resolve) => setTimeout(resolve, 5));
    await builds.stop();
    assert.equal(builds.state()[0]?.state, 'failed');
  });
});
