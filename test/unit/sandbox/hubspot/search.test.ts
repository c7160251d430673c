import assert from 'node:assert/strict';
import { StandIn } from './stand-in.ts';

const path = '/crm/objects/2026-09/companies/search';

interface Found {
  results: { id: string; properties: Record<string, string> }[];
}

const names = (body: Found): (string | undefined)[] => body.results.map((one) => one.properties['name']);

describe('HubSpot stand-in: search', () => {
  let hubspot: StandIn;
  before(async () => {
    hubspot = await StandIn.start();
    await hubspot.call('POST', '/_sandbox/limits', { searchLag_ms: 0 });
    await hubspot.create('companies', { name: 'Alpha One', city: 'Ulm', annualrevenue: '900' });
    await hubspot.create('companies', { name: 'Beta Two', city: 'Ulm', annualrevenue: '1000' });
    await hubspot.create('companies', { name: 'Gamma', annualrevenue: '1100' });
  });
  after(() => hubspot.stop());

  const search = (filters: object[], more: object = {}) =>
    hubspot.call('POST', path, { filterGroups: [{ filters }], properties: ['name'], ...more });

  const cases: [string, object, string[]][] = [
    ['EQ ignores case', { propertyName: 'city', operator: 'EQ', value: 'ULM' }, ['Alpha One', 'Beta Two']],
    [
      'numbers compare as numbers',
      { propertyName: 'annualrevenue', operator: 'GT', value: '999' },
      ['Beta Two', 'Gamma'],
    ],
    [
      'BETWEEN',
      { propertyName: 'annualrevenue', operator: 'BETWEEN', value: '900', highValue: '1000' },
      ['Alpha One', 'Beta Two'],
    ],
    ['IN wants lower case', { propertyName: 'city', operator: 'IN', values: ['ulm'] }, ['Alpha One', 'Beta Two']],
    ['IN with upper case finds nothing', { propertyName: 'city', operator: 'IN', values: ['Ulm'] }, []],
    ['CONTAINS_TOKEN', { propertyName: 'name', operator: 'CONTAINS_TOKEN', value: 'al*' }, ['Alpha One']],
  ];
  for (const [title, filter, expected] of cases) {
    it(title, async () => {
      const own = { propertyName: 'annualrevenue', operator: 'LT', value: '5000' };
      const { status, body } = await search([filter, own]);
      assert.equal(status, 200, JSON.stringify(body));
      assert.deepEqual(names(body), expected);
      assert.equal(body.total, expected.length);
    });
  }

  it('HAS_PROPERTY takes no value (recorded: "NOT_HAS_PROPERTY does not allow a value")', async () => {
    const filter = { propertyName: 'city', operator: 'NOT_HAS_PROPERTY' };
    assert.ok(names((await search([filter])).body).includes('Gamma'));
    assert.equal((await search([{ ...filter, value: '' }])).status, 400);
  });

  it('groups are alternatives; one sort; pages by after', async () => {
    const body = {
      filterGroups: ['Alpha One', 'Gamma'].map((value) => ({
        filters: [{ propertyName: 'name', operator: 'EQ', value }],
      })),
      sorts: [{ propertyName: 'annualrevenue', direction: 'DESCENDING' }],
      properties: ['name'],
      limit: 1,
    };
    const first = await hubspot.call('POST', path, body);
    assert.deepEqual(names(first.body), ['Gamma']);
    const second = await hubspot.call('POST', path, { ...body, after: first.body.paging.next.after });
    assert.deepEqual(names(second.body), ['Alpha One']);
    assert.equal(second.body.paging, undefined);
    assert.equal((await hubspot.call('POST', path, { sorts: ['name', '-city'] })).status, 400);
  });

  it('keyset paging by the modified stamp works with epoch milliseconds', async () => {
    const from = { propertyName: 'hs_lastmodifieddate', operator: 'GTE', value: String(Date.now() - 60_000) };
    const { body } = await search([from], { sorts: ['hs_lastmodifieddate'], limit: 200 });
    assert.deepEqual(names(body), ['Alpha One', 'Beta Two', 'Gamma']);
  });

  it('limits: 200 a page, 10,000 in all, 5 groups, 6 filters a group, 3,000 characters', async () => {
    const one = { propertyName: 'city', operator: 'EQ', value: 'Ulm' };
    const filters = Array.from({ length: 7 }, () => one);
    assert.equal((await hubspot.call('POST', path, { limit: 201 })).status, 400);
    assert.equal((await hubspot.call('POST', path, { limit: 200, after: '9900' })).status, 400);
    assert.equal((await hubspot.call('POST', path, { limit: 100, after: '9900' })).status, 200);
    assert.equal((await search(filters)).status, 400);
    const groups = Array.from({ length: 6 }, () => ({ filters: [one] }));
    assert.equal((await hubspot.call('POST', path, { filterGroups: groups })).status, 400);
    assert.equal((await hubspot.call('POST', path, { query: 'x'.repeat(2990) })).status, 400);
  });

  it('unknown properties and operators are 400', async () => {
    assert.equal((await search([{ propertyName: 'nope', operator: 'EQ', value: 'x' }])).status, 400);
    assert.equal((await search([{ propertyName: 'city', operator: 'LIKE', value: 'x' }])).status, 400);
  });

  it('trails the records by the index lag, shows the old value meanwhile, and never shows archived ones', async () => {
    await hubspot.call('POST', '/_sandbox/limits', { searchLag_ms: 500 });
    const id = await hubspot.create('companies', { name: 'Lagging', city: 'Bern' });
    const inBern = [{ propertyName: 'city', operator: 'EQ', value: 'Bern' }];
    assert.deepEqual(names((await search(inBern)).body), []);
    hubspot.context.clock.advance(600);
    assert.deepEqual(names((await search(inBern)).body), ['Lagging']);
    await hubspot.call('PATCH', `/crm/objects/2026-09/companies/${id}`, { properties: { name: 'Moved' } });
    assert.deepEqual(names((await search(inBern)).body), ['Lagging']);
    hubspot.context.clock.advance(600);
    assert.deepEqual(names((await search(inBern)).body), ['Moved']);
    await hubspot.call('DELETE', `/crm/objects/2026-09/companies/${id}`);
    assert.deepEqual(names((await search(inBern)).body), []);
  });

  it('the fault search.lag slows one write', async () => {
    hubspot.context.faults.arm({ name: 'search.lag', match: { type: 'companies' }, params: { lag_ms: 60_000 } });
    await hubspot.create('companies', { name: 'Slow', city: 'Chur' });
    hubspot.context.clock.advance(10_000);
    const inChur = [{ propertyName: 'city', operator: 'EQ', value: 'Chur' }];
    assert.deepEqual(names((await search(inChur)).body), []);
    hubspot.context.clock.advance(60_000);
    assert.deepEqual(names((await search(inChur)).body), ['Slow']);
  });
});
