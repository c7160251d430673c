import assert from 'node:assert/strict';
import { formatTable } from '../../../bench/kit/format-table.ts';
import { median, percentile } from '../../../bench/kit/percentile.ts';
import { reaches, row } from '../../../bench/kit/row.ts';
import { callsBetween, vendorCalls } from '../../../bench/kit/vendor-calls.ts';

describe('bench figures', () => {
  it('takes percentiles by nearest rank, whatever the order', () => {
    const hundred = Array.from({ length: 100 }, (_, at) => 100 - at);
    assert.equal(percentile(hundred, 0.95), 95);
    assert.equal(percentile(hundred, 0.5), 50);
    assert.equal(median([3, 1, 2]), 2);
    assert.ok(Number.isNaN(percentile([], 0.5)));
  });

  it('puts ours over the floor, and says whether the aim is reached', () => {
    const most = { of: 'ratio', value: 0.85, best: 'most' } as const;
    assert.equal(row('a', 'x/s', { ours: 85, floor: 100, aim: most }).ratio, 0.85);
    assert.equal(reaches(row('a', 'x/s', { ours: 85, floor: 100, aim: most })), true);
    assert.equal(reaches(row('a', 'x/s', { ours: 84, floor: 100, aim: most })), false);
    const least = { of: 'ours', value: 100, best: 'least' } as const;
    assert.equal(reaches(row('a', 'ms', { ours: 101, floor: 10, aim: least })), false);
    assert.equal(reaches(row('a', 'ms', { ours: 1, floor: null })), undefined);
    assert.equal(row('a', 'ms', { ours: 1, floor: null }).ratio, null);
  });

  it('prints a line for each row, under its columns', () => {
    const aim = { of: 'ours', value: 300, best: 'least' } as const;
    const text = formatTable([
      row('short', 'ms', { ours: 1234.5, floor: 0.01234 }),
      row('b', 's', { ours: 400, floor: 1, aim }),
    ]);
    const lines = text.split('\n');
    assert.equal(lines.length, 3);
    assert.match(lines[1] ?? '', /^short +1235 +0\.0123 +100041 +ms/);
    assert.match(lines[2] ?? '', /ours <= 300 MISSED$/);
  });

  it('sums the hub’s calls by purpose, and takes the difference of two readings', () => {
    const text = (reads: number): string =>
      [
        '# TYPE rapport_vendor_calls_total counter',
        `rapport_vendor_calls_total{vendor="hubspot",endpoint="read",object="deals",purpose="observe"} ${reads}`,
        'rapport_vendor_calls_total{vendor="hubspot",endpoint="read",object="contacts",purpose="observe"} 2',
        'rapport_vendor_calls_total{vendor="salesforce",endpoint="write",object="Contact",purpose="deliver"} 7',
        'nodejs_heap_size_total_bytes 1',
      ].join('\n');
    assert.deepEqual(vendorCalls(text(3)), { observe: 5, deliver: 7 });
    assert.deepEqual(callsBetween(vendorCalls(text(3)), vendorCalls(text(10))), { observe: 7, deliver: 0 });
  });
});
