import assert from 'node:assert/strict';
import { Poll, type PageVisibility } from '../../../../crm-apps/salesforce/src/lwc/rapportPoll/rapportPoll.ts';

/** A page that a test hides and shows. */
class Page implements PageVisibility {
  visibilityState = 'visible';
  readonly #listeners = new Set<() => void>();

  addEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#listeners.add(listener);
  }

  removeEventListener(_: 'visibilitychange', listener: () => void): void {
    this.#listeners.delete(listener);
  }

  turn(state: 'visible' | 'hidden'): void {
    this.visibilityState = state;
    for (const listener of this.#listeners) listener();
  }

  get listenerCount(): number {
    return this.#listeners.size;
  }
}

const soon = (pause_ms = 15): Promise<void> =>
  new Promise((resolve) => {
    setTimeout(resolve, pause_ms);
  });

describe('crm-apps/salesforce: Poll', () => {
  let page: Page;
  let runs: number;
  let poll: Poll;

  beforeEach(() => {
    page = new Page();
    runs = 0;
  });
  afterEach(() => poll.stop());

  const counting = (pause_ms: number): Poll =>
    new Poll(async () => {
      runs += 1;
      return pause_ms;
    }, page);

  it('runs at once, then after each pause that the task gives', async () => {
    poll = counting(1);
    poll.start();
    assert.equal(runs, 1);
    await soon(40);
    assert.ok(runs >= 3, `${runs} runs`);
  });

  it('does not run while the page is hidden, and runs at once when it is seen again', async () => {
    poll = counting(1);
    page.visibilityState = 'hidden';
    poll.start();
    await soon();
    assert.equal(runs, 0);
    page.turn('visible');
    assert.equal(runs, 1);
    await soon();
    page.turn('hidden');
    await soon(5);
    const before = runs;
    await soon(30);
    assert.equal(runs, before);
  });

  it('never runs twice at the same time, and repeats a run asked for meanwhile', async () => {
    let release: () => void = () => undefined;
    let atOnce = 0;
    let most = 0;
    poll = new Poll(async () => {
      runs += 1;
      atOnce += 1;
      most = Math.max(most, atOnce);
      if (runs === 1) {
        await new Promise<void>((resolve) => {
          release = resolve;
        });
      }
      atOnce -= 1;
      return 60_000;
    }, page);
    poll.start();
    void poll.now();
    void poll.now();
    assert.equal(runs, 1);
    release();
    await soon(30);
    assert.equal(runs, 2);
    assert.equal(most, 1);
  });

  it('stops for good, even when the task ends after the stop', async () => {
    poll = counting(1);
    poll.start();
    poll.stop();
    await soon(30);
    assert.equal(runs, 1);
    assert.equal(page.listenerCount, 0);
  });
});
