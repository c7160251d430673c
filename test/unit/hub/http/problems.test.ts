import assert from 'node:assert/strict';
import { Problems } from '../../../../hub/http/problems.ts';

describe('hub/http problems', () => {
  it('counts repeats and shows the newest first', () => {
    const problems = new Problems();
    problems.add('hubspot', 'unverified', 'no signature', 'check', 1_000);
    problems.add('hubspot', 'unreadable', 'no list', 'report', 2_000);
    problems.add('hubspot', 'unverified', 'no signature', 'check', 3_000);
    assert.deepEqual(
      problems.list().map(({ cause, count, latestAt }) => ({ cause, count, latestAt })),
      [
        { cause: 'unverified', count: 2, latestAt: '1970-01-01T00:00:03.000Z' },
        { cause: 'unreadable', count: 1, latestAt: '1970-01-01T00:00:02.000Z' },
      ],
    );
  });

  it('stays small under a flood, and keeps what is new', () => {
    const problems = new Problems();
    for (let index = 0; index < 1_000; index += 1)
      problems.add('hubspot', 'unverified', `detail ${index}`, 'check', index);
    assert.equal(problems.list().length, 200);
    assert.equal(problems.list()[0]?.detail, 'detail 999');
  });
});
