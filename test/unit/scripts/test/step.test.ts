import assert from 'node:assert/strict';
import { sum, totalLine } from '../../../../scripts/test/counts.ts';
import { runStep, type Step } from '../../../../scripts/test/step.ts';

/** Runs a script as the only command of a step. */
async function run(script: string, more: Partial<Step['commands'][number]> = {}) {
  return sum(await runStep({ name: 'x', title: 'x', commands: [{ run: ['node', '-e', script], ...more }] }));
}

describe('scripts/test', () => {
  it('counts what mocha wrote, and a run that broke off as a failure', async () => {
    const written = `require('fs').writeFileSync(process.env.COUNTS_FILE, '{"passed":3,"failed":2,"skipped":1}')`;
    assert.deepEqual(await run(written, { counts: 'mocha' }), { passed: 3, failed: 2, skipped: 1 });
    assert.deepEqual(await run('', { counts: 'mocha' }), { passed: 0, failed: 1, skipped: 0 });
  });

  it('counts a command that fails without a failed test once', async () => {
    const written = `require('fs').writeFileSync(process.env.COUNTS_FILE, '{"passed":3,"failed":0,"skipped":0}')`;
    assert.deepEqual(await run(`${written}; process.exit(1)`, { counts: 'mocha' }), {
      passed: 3,
      failed: 1,
      skipped: 0,
    });
    assert.deepEqual(await run('process.exit(1)'), { passed: 0, failed: 1, skipped: 0 });
    assert.deepEqual(await run(''), { passed: 0, failed: 0, skipped: 0 });
  });

  it('keeps what configures a hub on this machine away from the tests, but for what a step is given', async () => {
    const before = process.env['DATABASE_URL'];
    process.env['DATABASE_URL'] = 'postgres://somebody-elses';
    try {
      assert.equal((await run(`process.exit('DATABASE_URL' in process.env ? 1 : 0)`)).failed, 0);
      const given = { env: { REDIS_URL: 'redis://given' } };
      assert.equal((await run(`process.exit(process.env.REDIS_URL === 'redis://given' ? 0 : 1)`, given)).failed, 0);
      const none = { env: { REDIS_URL: undefined } };
      assert.equal((await run(`process.exit('REDIS_URL' in process.env ? 1 : 0)`, none)).failed, 0);
    } finally {
      if (before === undefined) delete process.env['DATABASE_URL'];
      else process.env['DATABASE_URL'] = before;
    }
  });

  it('ends with a line that tools read', () => {
    assert.equal(totalLine({ passed: 12, failed: 0, skipped: 0 }), '12 passed, 0 failed');
    assert.equal(totalLine({ passed: 12, failed: 1, skipped: 2 }), '12 passed, 1 failed, 2 skipped');
  });
});
