import assert from 'node:assert/strict';
import { orgA, startTiny, type Tiny } from '../start-tiny.ts';

interface Page {
  totalSize: number;
  done: boolean;
  records: Record<string, unknown>[];
}

describe('SOQL of the Salesforce stand-in', () => {
  let tiny: Tiny;
  let token: string;

  async function query(
    soql: string,
    resource = 'query',
  ): Promise<{ status: number; body: Page & { errorCode: string }[] }> {
    return tiny.call(token, 'GET', `/services/data/v67.0/${resource}?q=${encodeURIComponent(soql)}`);
  }
  async function names(soql: string, resource?: string): Promise<unknown[]> {
    const { status, body } = await query(soql, resource);
    assert.equal(status, 200, JSON.stringify(body));
    return body.records.map((record) => record['Name']);
  }

  before(async () => {
    tiny = await startTiny();
    token = await tiny.token(orgA.person);
    const opportunities = [
      { Name: 'Alpha', StageName: 'Prospecting', CloseDate: '2026-01-10', Amount: 100, NextStep: 'call' },
      { Name: 'Beta', StageName: 'Qualification', CloseDate: '2026-02-10', Amount: 250.5 },
      { Name: 'Gamma 50%', StageName: 'Closed Won', CloseDate: '2026-03-10', Amount: null, NextStep: 'Sign' },
      { Name: 'Delta_x', StageName: 'Closed Lost', CloseDate: '2026-04-10', Amount: 9 },
    ];
    await tiny.call(token, 'POST', '/services/data/v67.0/composite/sobjects', {
      records: opportunities.map((one) => ({
        attributes: { type: 'Opportunity' },
        Description: 'table',
        LeadSource: 'Web',
        ...one,
      })),
    });
  });
  after(() => tiny.stop());

  // Of the table's four rows: LeadSource = 'Web' keeps the seeded row out.
  const table: [where: string, expected: string[]][] = [
    ["Name = 'ALPHA'", ['Alpha']],
    ["Name != 'alpha'", ['Beta', 'Gamma 50%', 'Delta_x']],
    ["NextStep != 'call'", ['Beta', 'Gamma 50%', 'Delta_x']],
    ['NextStep = null', ['Beta', 'Delta_x']],
    ["NextStep = ''", ['Beta', 'Delta_x']],
    ['NextStep != null', ['Alpha', 'Gamma 50%']],
    ["NextStep > 'd'", ['Gamma 50%']],
    ['Amount > 9', ['Alpha', 'Beta']],
    ['Amount >= 9', ['Alpha', 'Beta', 'Delta_x']],
    ['Amount < 100', ['Delta_x']],
    ['Amount <= 250.5', ['Alpha', 'Beta', 'Delta_x']],
    ['Amount = null', ['Gamma 50%']],
    ['Amount IN (9, 100)', ['Alpha', 'Delta_x']],
    ['Amount NOT IN (9, 100)', ['Beta', 'Gamma 50%']],
    ['IsWon = true', ['Gamma 50%']],
    ['IsClosed = false', ['Alpha', 'Beta']],
    ['Probability = 100', ['Gamma 50%']],
    ["Name LIKE 'a%'", ['Alpha']],
    ["Name LIKE '%TA%'", ['Beta', 'Delta_x']],
    ["Name LIKE 'B_ta'", ['Beta']],
    ["Name LIKE '%50\\%'", ['Gamma 50%']],
    ["Name LIKE 'Delta\\_x'", ['Delta_x']],
    ["Name LIKE 'Bet\\_'", []],
    ["(NOT Name LIKE '%a')", ['Gamma 50%', 'Delta_x']],
    ["Name IN ('alpha', 'BETA', 'zeta')", ['Alpha', 'Beta']],
    ["Name NOT IN ('Alpha')", ['Beta', 'Gamma 50%', 'Delta_x']],
    ["StageName = 'Closed Won'", ['Gamma 50%']],
    ['CloseDate = 2026-02-10', ['Beta']],
    ['CloseDate > 2026-02-10', ['Gamma 50%', 'Delta_x']],
    ["(Name = 'Alpha' AND Amount = 100)", ['Alpha']],
    ["(Name = 'Alpha' OR (Amount = 9 AND IsWon = false))", ['Alpha', 'Delta_x']],
    ["(NOT (Name = 'Alpha' OR Name = 'Beta'))", ['Gamma 50%', 'Delta_x']],
    ['CreatedDate = TODAY', ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ['CreatedDate < YESTERDAY', []],
    ['CreatedDate >= LAST_N_DAYS:3', ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ['CreatedDate = NEXT_N_DAYS:3', []],
    ['CreatedDate > 2020-01-01T00:00:00Z', ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ['SystemModstamp >= 2020-01-01T00:00:00.000+01:00', ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ['SystemModstamp < 2020-01-01T00:00:00Z', []],
    ["Owner.Email = 'ADA@rep.example'", ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ["Account.Name = 'x'", []],
    ['Account.Name = null', ['Alpha', 'Beta', 'Gamma 50%', 'Delta_x']],
    ["Opportunity.Name = 'Alpha'", ['Alpha']],
  ];
  for (const [where, expected] of table) {
    it(`WHERE ${where}`, async () => {
      assert.deepEqual(await names(`SELECT Name FROM Opportunity WHERE LeadSource = 'Web' AND ${where}`), expected);
    });
  }

  const orders: [clause: string, expected: string[]][] = [
    ['ORDER BY Amount', ['Gamma 50%', 'Delta_x', 'Alpha', 'Beta']],
    ['ORDER BY Amount ASC NULLS LAST', ['Delta_x', 'Alpha', 'Beta', 'Gamma 50%']],
    ['ORDER BY Amount DESC', ['Gamma 50%', 'Beta', 'Alpha', 'Delta_x']],
    ['ORDER BY Amount DESC NULLS LAST', ['Beta', 'Alpha', 'Delta_x', 'Gamma 50%']],
    ['ORDER BY IsClosed DESC, Name', ['Delta_x', 'Gamma 50%', 'Alpha', 'Beta']],
    ['ORDER BY CloseDate LIMIT 2', ['Alpha', 'Beta']],
    ['ORDER BY CloseDate LIMIT 2 OFFSET 1', ['Beta', 'Gamma 50%']],
    ['LIMIT 1 OFFSET 3', ['Delta_x']],
    ['LIMIT 0', []],
  ];
  for (const [clause, expected] of orders) {
    it(clause, async () => {
      assert.deepEqual(await names(`SELECT Name FROM Opportunity WHERE LeadSource = 'Web' ${clause}`), expected);
    });
  }

  it('orders ids, so that a walk can go on behind the last one', async () => {
    const all = await query('SELECT Id, Name FROM Opportunity ORDER BY Id');
    const [first, ...rest] = all.body.records as { Id: string; Name: string }[];
    const behind = await names(`SELECT Name FROM Opportunity WHERE Id > '${first?.Id}' ORDER BY Id`);
    assert.deepEqual(
      behind,
      rest.map((one) => one.Name),
    );
  });

  it('follows lookups to parents, null where one is empty', async () => {
    const { body } = await query(
      "SELECT o.Name, o.Account.Owner.Email, CreatedBy.Name FROM Opportunity o WHERE o.Name IN ('Alpha', 'Pump renewal') ORDER BY Name",
    );
    const [alpha, pumps] = body.records;
    assert.equal(alpha?.['Account'], null);
    const account = pumps?.['Account'] as { attributes: { type: string }; Owner: { Email: string } } | undefined;
    assert.equal(account?.attributes.type, 'Account');
    assert.equal(account?.Owner.Email, 'ada@rep.example');
    assert.equal((pumps?.['CreatedBy'] as { Name: string } | undefined)?.Name, 'Ada Byron');
  });

  it('lists children by relationship name, null where there are none', async () => {
    const { body } = await query(
      "SELECT Name, (SELECT ContactId, Role, IsPrimary FROM OpportunityContactRoles ORDER BY IsPrimary DESC), (SELECT Id FROM Research_Reports__r) FROM Opportunity WHERE Name = 'Pump renewal'",
    );
    const [pumps] = body.records;
    const roles = (pumps ?? {})['OpportunityContactRoles'] as Page;
    assert.deepEqual([roles.totalSize, roles.done], [2, true]);
    assert.deepEqual(
      roles.records.map((role) => [role['Role'], role['IsPrimary']]),
      [
        ['Decision Maker', true],
        ['Influencer', false],
      ],
    );
    assert.equal(pumps?.['Research_Reports__r'], null);
  });

  it('joins by IN and NOT IN a subquery', async () => {
    const withDeal = 'SELECT AccountId FROM Opportunity';
    assert.deepEqual(await names(`SELECT Name FROM Account WHERE Id IN (${withDeal})`), ['Acme Pumps']);
    assert.deepEqual(await names(`SELECT Name FROM Account WHERE Id NOT IN (${withDeal})`), [
      "O'Bolt & Sons",
      "O'Bolt & Sons",
    ]);
  });

  it('reads escaped quotes', async () => {
    assert.deepEqual(await names("SELECT Name FROM Account WHERE Name = 'O\\'Bolt & Sons' LIMIT 1"), ["O'Bolt & Sons"]);
  });

  it('counts without records', async () => {
    assert.deepEqual((await query("SELECT COUNT() FROM Opportunity WHERE LeadSource = 'Web'")).body, {
      totalSize: 4,
      done: true,
      records: [],
    });
  });

  it('finds deleted rows by queryAll only', async () => {
    const { body } = await query("SELECT Id FROM Opportunity WHERE Name = 'Delta_x'");
    const id = String(body.records[0]?.['Id']);
    await tiny.call(token, 'DELETE', `/services/data/v67.0/sobjects/Opportunity/${id}`);
    assert.deepEqual(await names("SELECT Name FROM Opportunity WHERE Name = 'Delta_x'"), []);
    assert.deepEqual(await names('SELECT Name FROM Opportunity WHERE IsDeleted = true', 'queryAll'), ['Delta_x']);
  });

  // Codes: SOAP API guide, API fault codes. AND/OR/NOT: SOQL reference, logical operators ("parentheses are required
  // whenever you mix the operators"); AND NOT: jetstreamapp/soql-parser-js issue 201.
  const refused: [soql: string, code: string, message: RegExp][] = [
    ['SELECT', 'MALFORMED_QUERY', /unexpected/],
    ['SELECT Id FROM', 'MALFORMED_QUERY', /unexpected/],
    [
      "SELECT Id FROM Account WHERE Name = 'a' AND Name = 'b' OR Name = 'c'",
      'MALFORMED_QUERY',
      /unexpected token: 'OR'/,
    ],
    ["SELECT Id FROM Account WHERE Name = 'a' AND NOT Name = 'b'", 'MALFORMED_QUERY', /unexpected token: 'NOT'/],
    ['SELECT Id FROM Account WHERE Rapport_Id__c IS NULL', 'MALFORMED_QUERY', /unexpected/],
    ['SELECT Id FROM Account GROUP BY Id', 'MALFORMED_QUERY', /groupBy/],
    ['SELECT COUNT(Id) FROM Account', 'MALFORMED_QUERY', /./],
    ['SELECT FIELDS(ALL) FROM Account LIMIT 1', 'MALFORMED_QUERY', /./],
    ['SELECT Id FROM Account FOR UPDATE', 'MALFORMED_QUERY', /for/],
    ['SELECT Id FROM Account OFFSET 2001', 'MALFORMED_QUERY', /2000/],
    ['SELECT Id i FROM Account', 'MALFORMED_QUERY', /aliasing/],
    ['SELECT Id, Id FROM Account', 'INVALID_FIELD', /duplicate field selected: Id/],
    ['SELECT Nope FROM Account', 'INVALID_FIELD', /ERROR at Row:1:Column:8\nNo such column 'Nope' on entity 'Account'/],
    ['SELECT Foo.Name FROM Account', 'INVALID_FIELD', /Didn't understand relationship 'Foo'/],
    ["SELECT Id FROM Account WHERE Nope = 'x'", 'INVALID_FIELD', /No such column/],
    ['SELECT Id FROM Account ORDER BY Nope', 'INVALID_FIELD', /No such column/],
    ['SELECT Id FROM Nope', 'INVALID_TYPE', /sObject type 'Nope' is not supported/],
    ['SELECT Id, (SELECT Id FROM Nopes) FROM Account', 'INVALID_TYPE', /Didn't understand relationship 'Nopes'/],
    ['SELECT Id, (SELECT Nope FROM Contacts) FROM Account', 'INVALID_FIELD', /'Nope' on entity 'Contact'/],
    ["SELECT Id FROM Account WHERE Description = 'x'", 'INVALID_FIELD', /can not be filtered/],
    ["SELECT Id FROM Opportunity WHERE Amount = '1'", 'INVALID_FIELD', /should not be enclosed in quotes/],
    ['SELECT Id FROM Opportunity WHERE Name = 1', 'INVALID_FIELD', /should be enclosed in quotes/],
    ['SELECT Id FROM Opportunity WHERE CreatedDate > 2026-01-01', 'INVALID_FIELD', /must be of type dateTime/],
    ["SELECT Id FROM Account WHERE Id = 'nope'", 'INVALID_QUERY_FILTER_OPERATOR', /invalid ID field: nope/],
    ['SELECT Id FROM Account WHERE Id IN (SELECT Name FROM Contact)', 'MALFORMED_QUERY', /inner select/],
  ];
  for (const [soql, code, message] of refused) {
    it(`refuses ${soql}`, async () => {
      const { status, body } = await query(soql);
      const [first] = body as unknown as { errorCode: string; message: string }[];
      assert.deepEqual([status, first?.errorCode], [400, code], JSON.stringify(body));
      assert.match(first?.message ?? '', message);
    });
  }
});
