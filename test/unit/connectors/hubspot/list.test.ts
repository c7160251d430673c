import assert from 'node:assert/strict';
import type { Seen } from '../local-vendor.ts';
import { openApi } from './open-api.ts';

interface Search {
  filterGroups: [{ filters: { propertyName: string; operator: string; value: string }[] }];
  sorts: string[];
  limit: number;
}
const purpose = { lane: 'background', what: 'poll' } as const;

/** A search over rows with these stamps, by id 1, 2, ...; ties come in no particular order. */
function search(stamps: readonly number[]) {
  return (seen: Seen) => {
    const { filterGroups, sorts, limit } = JSON.parse(seen.body) as Search;
    const rows = stamps.map((stamp, at) => ({ id: at + 1, stamp }));
    const found = rows
      .filter((row) =>
        filterGroups[0].filters.every(({ propertyName, operator, value }) => {
          const mine = propertyName === 'hs_object_id' ? row.id : row.stamp;
          if (operator === 'EQ') return mine === Number(value);
          return operator === 'GT' ? mine > Number(value) : mine >= Number(value);
        }),
      )
      .sort((a, b) =>
        sorts[0] === 'hs_object_id'
          ? a.id - b.id
          : a.stamp - b.stamp || ((a.id * 7919) % 1009) - ((b.id * 7919) % 1009),
      )
      .slice(0, limit);
    const results = found.map(({ id, stamp }) => ({
      id: String(id),
      properties: { hs_lastmodifieddate: new Date(stamp).toISOString() },
      updatedAt: new Date(stamp).toISOString(),
    }));
    return { status: 200, body: { total: stamps.length, results } };
  };
}

async function walk(stamps: readonly number[]): Promise<{ found: string[]; calls: number }> {
  const open = await openApi(search(stamps));
  const found: string[] = [];
  let since = { stamp_ms: 0, id: '' };
  for (let more = true; more;) {
    assert.ok(found.length <= 2 * stamps.length, 'rows come again and again');
    const page = await open.api.changedSince('deals', since, purpose);
    for (const row of page.rows) {
      found.push(row.externalId);
      since = { stamp_ms: row.stamp_ms, id: row.externalId };
    }
    more = page.more;
  }
  await open.vendor.stop();
  return { found, calls: open.calls().length };
}

describe('HubSpot rows changed since', () => {
  const everyOnce = (found: readonly string[], count: number): void => {
    assert.equal(found.length, count);
    assert.equal(new Set(found).size, count);
  };

  it('takes one call where all fits in a page', async () => {
    const { found, calls } = await walk([3000, 1000, 2000]);
    assert.deepEqual(found, ['2', '3', '1']);
    assert.equal(calls, 1);
  });

  it('gives rows of one stamp in order of id', async () => {
    const { found } = await walk([1000, 1000, 1000]);
    assert.deepEqual(found, ['1', '2', '3']);
  });

  it('passes a stamp that more rows have than a page holds', async () => {
    const stamps = [...Array(30).fill(500), ...Array(650).fill(1000), ...Array(30).fill(1500)] as number[];
    everyOnce((await walk(stamps)).found, 710);
  });

  it('passes pages that end within a stamp', async () => {
    const stamps = Array.from({ length: 900 }, (_, at) => Math.floor(at / 7) * 100 + 1000);
    everyOnce((await walk(stamps)).found, 900);
  });

  it('passes a stamp of exactly one page, and of exactly two', async () => {
    for (const count of [200, 400])
      everyOnce((await walk([...(Array(count).fill(1000) as number[]), 2000])).found, count + 1);
  });
});
