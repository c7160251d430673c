import assert from 'node:assert/strict';
import { setTimeout as sleep } from 'node:timers/promises';
import { RetryLater } from '../../../../protocol/errors.ts';
import { GroupCommit } from '../../../../hub/store/group-commit.ts';

describe('hub/store GroupCommit', () => {
  const rig = (largest = 100) => {
    const commits: number[][] = [];
    let running = 0;
    let most = 0;
    const group = new GroupCommit<number>({
      commit: async (items) => {
        commits.push([...items]);
        most = Math.max(most, ++running);
        await sleep(5);
        running--;
        if (items.includes(-1)) throw new Error('bad item');
      },
      inFlight: 2,
      sizeOf: () => 1,
      largest,
    });
    return { group, commits, most: () => most };
  };

  it('folds calls that wait into one commit, at most two at once', async () => {
    const { group, commits, most } = rig(20);
    await Promise.all(Array.from({ length: 50 }, (_, item) => group.add([item])));
    assert.ok(commits.length <= 4, `${commits.length} commits`);
    assert.equal(most(), 2);
    assert.deepEqual(
      commits.flat().toSorted((a, b) => a - b),
      Array.from({ length: 50 }, (_, item) => item),
    );
  });

  it('ends a commit at the largest size without splitting a call', async () => {
    const { group, commits } = rig(4);
    const three = [1, 2, 3];
    await Promise.all(Array.from({ length: 6 }, () => group.add(three)));
    assert.ok(commits.every(({ length }) => length === 3 || length === 6));
  });

  it('commits a call that is larger than the largest', async () => {
    const { group, commits } = rig(2);
    await group.add([1, 2, 3, 4, 5]);
    assert.deepEqual(commits, [[1, 2, 3, 4, 5]]);
  });

  it('fails all at once when nothing goes', async () => {
    let commits = 0;
    const group = new GroupCommit<number>({
      commit: async () => {
        commits++;
        throw new RetryLater('down', 0);
      },
      inFlight: 1,
      sizeOf: () => 1,
      largest: 100,
    });
    const outcomes = await Promise.allSettled(Array.from({ length: 20 }, (_, item) => group.add([item])));
    assert.ok(outcomes.every(({ status }) => status === 'rejected'));
    assert.ok(commits <= 2, `${commits} commits`);
  });

  it('fails the bad call alone', async () => {
    const { group } = rig();
    const outcomes = await Promise.allSettled([[1], [2], [-1], [3], [4]].map((items) => group.add(items)));
    assert.deepEqual(
      outcomes.map(({ status }) => status),
      ['fulfilled', 'fulfilled', 'rejected', 'fulfilled', 'fulfilled'],
    );
    await group.add([5]);
  });
});
