import assert from 'node:assert/strict';
import { describe, it } from 'node:test';
import { startPolling } from './polling.ts';

const wait = (span_ms: number) => new Promise((resolve) => setTimeout(resolve, span_ms));

describe('polling', () => {
  it('asks again only after the last answer, and ends', async () => {
    let asked = 0;
    const stop = startPolling(async () => void (asked += 1), 5, async () => {});
    await wait(60);
    stop();
    const atStop = asked;
    assert.ok(atStop >= 2);
    await wait(20);
    assert.equal(asked, atStop);
  });

  it('asks nothing while the page is hidden, and at once when it is seen again', async () => {
    let asked = 0;
    let show = (): void => {};
    const seen = new Promise<void>((resolve) => (show = resolve));
    const stop = startPolling(async () => void (asked += 1), 5, () => seen);
    await wait(40);
    assert.equal(asked, 0);
    show();
    await wait(1);
    assert.equal(asked, 1);
    stop();
  });
});
