import assert from 'node:assert/strict';
import { CrmTest, idOf, purpose, type CrmBench } from './crm-bench.ts';

/** Listing rows and changes, and what an account looks like. */
export function crmListsConformance(make: () => Promise<CrmBench>): void {
  let test: CrmTest;
  beforeEach(async () => {
    test = new CrmTest(await make());
  });
  afterEach(() => test.bench.stop());

  it('lists every live row once', async () => {
    const ids = (
      await test.write([test.newRow({ [test.bench.text[0]]: 'A' }), test.newRow({ [test.bench.text[0]]: 'B' })])
    ).map(idOf);
    await test.bench.remove(test.bench.object, ids[1] ?? '');
    const listed: string[] = [];
    let after: string | undefined;
    do {
      const page = await test.api.list(test.bench.object, after, purpose);
      listed.push(...page.rows.map((row) => row.externalId));
      assert.ok(page.rows.every((row) => row.stamp_ms > 0));
      after = page.next;
    } while (after !== undefined);
    assert.equal(new Set(listed).size, listed.length);
    assert.deepEqual([listed.includes(ids[0] ?? ''), listed.includes(ids[1] ?? '')], [true, false]);
  });

  it('walks the live rows in order of id, so that what is not between two rows is not there', async () => {
    const many = Array.from({ length: 230 }, (_, at) => test.newRow({ [test.bench.text[0]]: `Row ${at}` }));
    const ids = (await test.write(many)).map(idOf);
    await test.bench.remove(test.bench.object, ids[100] ?? '');
    const walked: string[] = [];
    for (let after: string | undefined, ended = false; !ended;) {
      const page = await test.api.walk(test.bench.object, after, purpose);
      walked.push(...page.rows.map((row) => row.externalId));
      after = page.next;
      ended = after === undefined;
    }
    const inOrder = walked.toSorted((a, b) => a.length - b.length || (a < b ? -1 : 1));
    assert.deepEqual(walked, inOrder);
    assert.deepEqual(
      ids.filter((id) => !walked.includes(id)),
      [ids[100]],
    );
    assert.equal(new Set(walked).size, walked.length);
  });

  it('finds changes in order of stamp and id, and goes on behind the last one', async () => {
    const many = Array.from({ length: 230 }, (_, at) => test.newRow({ [test.bench.text[0]]: `Row ${at}` }));
    const ids = new Set((await test.write(many)).map(idOf));
    const found: string[] = [];
    let since = { stamp_ms: Date.now() - 86_400_000, id: '' };
    for (let page = 0, more = true; more; page += 1) {
      assert.ok(page < 50, 'changedSince does not end');
      const answer = await test.api.changedSince(test.bench.object, since, purpose);
      for (const row of answer.rows) {
        assert.ok(row.stamp_ms >= since.stamp_ms);
        since = { stamp_ms: row.stamp_ms, id: row.externalId };
        found.push(row.externalId);
      }
      more = answer.more;
    }
    assert.equal(new Set(found).size, found.length);
    assert.deepEqual(
      [...ids].filter((id) => !found.includes(id)),
      [],
    );
    const [edited] = ids;
    await test.bench.edit(test.bench.object, edited ?? '', { [test.bench.text[1]]: '777' });
    const after = await test.api.changedSince(test.bench.object, { ...since, id: '' }, purpose);
    assert.ok(after.rows.some((row) => row.externalId === edited));
  });

  it('describes the fields of an object', async () => {
    const found = await test.api.describe(test.bench.object);
    const field = found?.fields[test.bench.text[0]];
    assert.equal(found?.object, test.bench.object);
    assert.equal(field?.writable, true);
    assert.notEqual(field?.label, '');
    assert.equal(found?.fields[test.bench.absent.field], undefined);
    const option = (await test.api.describe(test.bench.option.object))?.fields[test.bench.option.field];
    assert.ok(
      option?.options?.some((one) => one.value === test.bench.option.value),
      JSON.stringify(option),
    );
    const edge = (await test.api.describe(test.bench.edges.object))?.fields[test.bench.edges.field];
    assert.equal(edge?.writable, true);
  });

  it('says undefined of an object that is not there', async () => {
    assert.equal(await test.api.describe(test.bench.absent.object), undefined);
  });

  it('gives people with names and addresses', async () => {
    const people = await test.api.people();
    assert.ok(people.length > 0);
    for (const one of people) assert.ok(one.userId && one.ownerId && one.name && one.email, JSON.stringify(one));
  });
}
