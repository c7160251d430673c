import assert from 'node:assert/strict';
import { afterReading, usedUpAt_ms, type Allowance } from '../../../protocol/allowance.ts';

const limit = 15_000;
const minute_ms = 60_000;
const day_minutes = 1_440;

describe('protocol when an allowance will be used up', () => {
  /** A reading each minute of an allowance of which this many calls are taken in that minute. Instants in minutes. */
  const foreseen = (remaining: number, minutes: number, calls: (minute: number) => number): (number | null)[] => {
    let allowance: Allowance | null = null;
    return Array.from({ length: minutes }, (_, minute) => {
      allowance = afterReading(allowance, { limit, remaining, at_ms: minute * minute_ms });
      remaining -= calls(minute);
      const usedUp_ms = usedUpAt_ms(allowance);
      return usedUp_ms === null ? null : usedUp_ms / minute_ms;
    });
  };
  const none = (answers: readonly (number | null)[]): boolean => answers.every((answer) => answer === null);

  for (const [what, length, begins] of [
    ['a first load of ten minutes', 10, 0],
    ['a bulk edit in the middle of the day', 45, 200],
    ['a burst of just under an hour', 59, 130],
  ] as const)
    it(`is not foretold from ${what}`, () => {
      const burst = (minute: number): number => (minute >= begins && minute < begins + length ? 9_000 / length : 1);
      assert.ok(none(foreseen(limit, 480, burst)));
    });

  it('is foretold within two hours where more is used all the time than the day has', () => {
    const answers = foreseen(limit, 300, () => 20);
    assert.ok(none(answers.slice(0, 90)));
    for (const answer of answers.slice(120)) assert.ok(answer !== null && Math.abs(answer - limit / 20) < 1);
  });

  it('is foretold soon where the day is nearly used up, and is now where nothing is left', () => {
    const answers = foreseen(1_400, 150, () => 10);
    for (const answer of answers.slice(1, 140))
      assert.ok(answer !== null && Math.abs(answer - 140) < 1, String(answer));
    assert.equal(answers[140], 140);
  });

  it('is not foretold where it lasts for more than a day, or comes back faster than it is used', () => {
    assert.ok(none(foreseen(limit, 300, () => limit / day_minutes / 2)));
    assert.ok(none(foreseen(1_000, 300, () => -5)));
    const back = foreseen(limit, 301, (minute) => (minute === 299 ? -2_000 : 20));
    assert.ok(back[299] !== null && back[300] === null);
  });

  it('takes up what an older version stored', () => {
    const stored: Allowance = { limit, remaining: 9_000, at_ms: 0 };
    assert.equal(usedUpAt_ms(stored), null);
    assert.equal(afterReading(stored, { limit, remaining: 8_000, at_ms: minute_ms }).marks?.length, 1);
  });
});
