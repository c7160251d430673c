import assert from 'node:assert/strict';
import { join } from 'node:path';
import { loadMappings } from '../../../mappings/load.ts';
import { createMapper } from '../../../mappings/mapper.ts';
import type { FieldDescription, ObjectDescription } from '../../../protocol/crm-connector.ts';
import type { Fields, VendorFields } from '../../../protocol/fields.ts';
import type { Kind, Vendor } from '../../../protocol/nouns.ts';
import { sideFieldName } from '../../../protocol/side-field-name.ts';

const mapper = createMapper(loadMappings(join(import.meta.dirname, '../../../mappings')));

const objects = {
  company: { hubspot: 'companies', salesforce: 'Account' },
  contact: { hubspot: 'contacts', salesforce: 'Contact' },
  deal: { hubspot: 'deals', salesforce: 'Opportunity' },
  research_report: { hubspot: 'notes', salesforce: 'Research_Report__c' },
} as const;

/** The portal's. */
const timeZone = 'US/Eastern';
const about = (kind: Kind, vendor: Vendor) => ({ kind, vendor, object: objects[kind][vendor], timeZone });
const read = (kind: Kind, vendor: Vendor, row: VendorFields, known: Readonly<Record<string, string>> = {}) =>
  mapper.toCanonical(about(kind, vendor), row, (_to, externalId) => known[externalId]);

/** A description in which these fields are there, with what is said of them. */
function described(
  names: readonly string[],
  said: Readonly<Record<string, Partial<FieldDescription>>> = {},
): ObjectDescription {
  const plain = { label: '', writable: true, required: false, maxLength: null, options: null };
  return { object: '', fields: Object.fromEntries(names.map((name) => [name, { ...plain, ...said[name] }])) };
}
const write = (
  kind: Kind,
  vendor: Vendor,
  values: Fields,
  description: ObjectDescription,
  known: Readonly<Record<string, string>> = {},
) => mapper.toVendor(about(kind, vendor), values, (_to, recordId) => known[recordId], description);

describe('The shipped mapping: stages', () => {
  // The first-named Salesforce stage is written, the others are read as equal.
  const stages: readonly [string, ...string[]][] = [
    ['appointmentscheduled', 'Prospecting'],
    ['qualifiedtobuy', 'Qualification'],
    ['presentationscheduled', 'Needs Analysis', 'Value Proposition'],
    ['decisionmakerboughtin', 'Id. Decision Makers', 'Perception Analysis'],
    ['contractsent', 'Negotiation/Review', 'Proposal/Price Quote'],
    ['closedwon', 'Closed Won'],
    ['closedlost', 'Closed Lost'],
  ];

  it('are these, and no others', () => {
    const sides = mapper.mappings.kinds.deal.fields.find((field) => field.name === 'stage')?.sides;
    assert.deepEqual(sides?.salesforce?.values, Object.fromEntries(stages.map(([name, ...theirs]) => [name, theirs])));
    assert.deepEqual(sides?.hubspot?.values, Object.fromEntries(stages.map(([name]) => [name, [name]])));
  });

  for (const [name, ...theirs] of stages)
    it(`${name} is ${theirs.join(' or ')}`, () => {
      assert.deepEqual(read('deal', 'hubspot', { dealstage: name }).fields, { stage: name });
      for (const one of theirs)
        assert.deepEqual(read('deal', 'salesforce', { StageName: one }).fields, { stage: name });
      const written = write('deal', 'salesforce', { stage: name }, described(['StageName']));
      assert.deepEqual(written, { fields: { StageName: theirs[0] }, sent: { stage: name }, held: [] });
      assert.deepEqual(write('deal', 'hubspot', { stage: name }, described(['dealstage'])).fields, { dealstage: name });
    });

  it('writes the next value where the account does not offer the first', () => {
    const options = [{ value: 'Value Proposition', label: '' }];
    const description = described(['StageName'], { StageName: { options } });
    assert.deepEqual(write('deal', 'salesforce', { stage: 'presentationscheduled' }, description).fields, {
      StageName: 'Value Proposition',
    });
  });

  it('starts research at qualifiedtobuy', () => {
    assert.deepEqual(mapper.mappings.triggers, [
      { job: 'research', kind: 'deal', field: 'stage', value: 'qualifiedtobuy' },
    ]);
  });
});

describe('The shipped mapping: fields', () => {
  it('writes every option so that it is read back as itself', () => {
    for (const { kind, fields } of Object.values(mapper.mappings.kinds))
      for (const field of fields)
        for (const [vendor, side] of Object.entries(field.sides) as [Vendor, (typeof field.sides)[Vendor]][])
          for (const [value, [first]] of Object.entries(side?.values ?? {}))
            assert.deepEqual(
              read(kind, vendor, { [sideFieldName(side, objects[kind][vendor]) ?? '']: first as string }).fields[
                field.name
              ],
              value,
            );
  });

  it('leaves absent what the row does not show, and null what it shows empty', () => {
    assert.deepEqual(read('contact', 'hubspot', {}), { fields: {}, held: [], facts: {} });
    const empty = read('contact', 'salesforce', { FirstName: null, Email: '', AccountId: null, OwnerId: null });
    assert.deepEqual(empty, {
      fields: { email: null, firstName: null, company: null },
      held: [],
      facts: { owner: null },
    });
  });

  it('holds what it cannot read: an unknown option, a value of another type, a parent not known yet', () => {
    const { fields, held } = read('deal', 'salesforce', {
      StageName: 'Haggling',
      CloseDate: 'soon',
      AccountId: '001A',
      Name: 'Deal',
    });
    assert.deepEqual(fields, { name: 'Deal' });
    assert.deepEqual(
      held.map(({ field, cause, detail, waitsFor }) => ({ field, cause, detail, waitsFor })),
      [
        { field: 'stage', cause: 'unknown_option', detail: 'Haggling', waitsFor: null },
        { field: 'closeDate', cause: 'unreadable', detail: 'not a date: soon', waitsFor: null },
        { field: 'company', cause: 'missing_parent', detail: 'company 001A', waitsFor: 'Account:001A' },
      ],
    );
    for (const one of held) assert.match(one.remedy, /\.$/);
  });

  it('takes the close date of HubSpot for the day that it is at the portal, and Salesforce’s as it stands', () => {
    const evening = { closedate: '2027-04-01T02:30:00Z' };
    assert.deepEqual(read('deal', 'hubspot', evening).fields, { closeDate: '2027-03-31' });
    assert.deepEqual(read('deal', 'hubspot', { closedate: String(Date.UTC(2027, 3, 1, 4)) }).fields, {
      closeDate: '2027-04-01',
    });
    assert.deepEqual(read('deal', 'salesforce', { CloseDate: '2027-03-31' }).fields, { closeDate: '2027-03-31' });
    const written = write('deal', 'hubspot', { closeDate: '2027-03-31' }, described(['closedate']));
    assert.deepEqual(written.fields, { closedate: '2027-03-31T16:00:00.000Z' });
    assert.deepEqual(read('deal', 'hubspot', written.fields).fields, { closeDate: '2027-03-31' });
    const elsewhere = write('deal', 'salesforce', { closeDate: '2027-03-31' }, described(['CloseDate']));
    assert.deepEqual(elsewhere.fields, { CloseDate: '2027-03-31' });
  });

  it('reads a set as far as its records are known, sorted, and merged rows once', () => {
    const known = { '003A': 'r2', '003B': 'r1', '003C': 'r1' };
    assert.deepEqual(read('deal', 'salesforce', { contactRoles: ['003A', '003B', '003C'] }, known).fields, {
      contacts: ['r1', 'r2'],
    });
    assert.deepEqual(read('deal', 'salesforce', { contactRoles: [] }).fields, { contacts: [] });
    const waiting = read('deal', 'salesforce', { contactRoles: ['003A', '003X'] }, known);
    assert.deepEqual(
      [waiting.fields, waiting.held.map((one) => one.waitsFor)],
      [{ contacts: ['r2'] }, ['Contact:003X']],
    );
  });

  it('writes what it can and holds the rest with its value', () => {
    const description = described(['Name', 'StageName', 'NextStep', 'Description', 'CloseDate'], {
      NextStep: { maxLength: 5 },
      StageName: { options: [{ value: 'Prospecting', label: '' }] },
      Description: { writable: false },
    });
    const values = {
      name: 'Deal',
      stage: 'closedwon',
      nextStep: 'Call them',
      description: 'Not ours',
      company: 'r1',
      contacts: ['r2', 'r3'],
      closeDate: null,
    };
    const { fields, sent, held } = write('deal', 'salesforce', values, description, { r2: '003B' });
    assert.deepEqual(fields, { Name: 'Deal', CloseDate: null, contactRoles: ['003B'] });
    assert.deepEqual(sent, { name: 'Deal', closeDate: null, contacts: ['r2'] });
    assert.deepEqual(
      held.map(({ field, cause, detail, value }) => ({ field, cause, detail, value })),
      [
        { field: 'stage', cause: 'unknown_option', detail: 'closedwon', value: 'closedwon' },
        { field: 'nextStep', cause: 'too_long', detail: '9 characters, at most 5 fit', value: 'Call them' },
        { field: 'company', cause: 'missing_parent', detail: 'company not there yet', value: 'r1' },
        { field: 'contacts', cause: 'missing_parent', detail: 'contact not there yet', value: ['r2', 'r3'] },
      ],
    );
  });

  it('writes a text that just fits, references by the ids of the account, and leaves out what the account lacks', () => {
    const description = described(['NextStep'], { NextStep: { maxLength: 5 } });
    const values = { nextStep: '12345', company: 'r1', contacts: ['r3', 'r2'], description: 'no such field' };
    const known = { r1: '001A', r2: '003B', r3: '003A' };
    assert.deepEqual(write('deal', 'salesforce', values, description, known), {
      fields: { NextStep: '12345', AccountId: '001A', contactRoles: ['003A', '003B'] },
      sent: { nextStep: '12345', company: 'r1', contacts: ['r3', 'r2'] },
      held: [],
    });
    assert.deepEqual(write('contact', 'salesforce', { company: null }, description).fields, { AccountId: null });
  });

  it('does not write half an address', () => {
    const description = described(['address', 'city', 'zip', 'country', 'phone'], { city: { maxLength: 3 } });
    const values = { street: 'Street 1', city: 'Town', postalCode: '12345', country: null, phone: '1' };
    const { fields, sent, held } = write('company', 'hubspot', values, description);
    assert.deepEqual([fields, sent, held.map((one) => one.field)], [{ phone: '1' }, { phone: '1' }, ['city']]);
  });

  it('reads associations only when asked, and each field once', () => {
    const names = mapper.fieldsToRead('deal', 'hubspot', 'deals', false);
    assert.deepEqual(
      names.filter((name) => name.startsWith('associ')),
      [],
    );
    assert.equal(new Set(names).size, names.length);
    assert.ok(names.includes('rapport_id') && names.includes('notes_last_contacted'));
    const withEdges = mapper.fieldsToRead('deal', 'hubspot', 'deals', true);
    assert.deepEqual(
      withEdges.filter((name) => !names.includes(name)),
      ['association:companies', 'associations:contacts'],
    );
    assert.ok(!mapper.fieldsToRead('deal', 'salesforce', 'Opportunity', false).includes('contactRoles'));
  });
});

describe('The shipped mapping: new rows and objects', () => {
  const now_ms = Date.parse('2025-11-30T23:30:00Z');

  it('gives an Opportunity a close date in 90 days, unless it has one', () => {
    assert.deepEqual(mapper.onCreate(about('deal', 'salesforce'), { Name: 'Deal' }, now_ms), {
      CloseDate: '2026-02-28',
    });
    assert.deepEqual(mapper.onCreate(about('deal', 'salesforce'), { CloseDate: null }, now_ms), {
      CloseDate: '2026-02-28',
    });
    assert.deepEqual(mapper.onCreate(about('deal', 'salesforce'), { CloseDate: '2025-12-01' }, now_ms), {});
  });

  it('gives a Contact without last name the local part of its e-mail, and nothing without one', () => {
    assert.deepEqual(mapper.onCreate(about('contact', 'salesforce'), { Email: 'ada@example.com' }, now_ms), {
      LastName: 'ada',
    });
    assert.deepEqual(
      mapper.onCreate(about('contact', 'salesforce'), { Email: 'a@b.c', LastName: 'Byron' }, now_ms),
      {},
    );
    assert.deepEqual(mapper.onCreate(about('contact', 'salesforce'), {}, now_ms), {});
  });

  it('gives a HubSpot deal its pipeline', () => {
    assert.deepEqual(mapper.onCreate(about('deal', 'hubspot'), {}, now_ms), { pipeline: 'default' });
  });

  it('keeps our id in rapport_id and Rapport_Id__c everywhere', () => {
    for (const { objects } of Object.values(mapper.mappings.kinds)) {
      for (const one of objects.hubspot ?? []) assert.equal(one.idField, 'rapport_id');
      for (const one of objects.salesforce ?? []) assert.equal(one.idField, 'Rapport_Id__c');
    }
  });

  it('keeps reports in an object of their own where the portal has one, else in notes', () => {
    assert.equal(mapper.target('research_report', 'hubspot', undefined)?.object, 'rapport_research');
    assert.equal(mapper.target('research_report', 'hubspot', 'notes')?.object, 'notes');
    assert.equal(mapper.target('research_report', 'hubspot', 'tickets'), undefined);
    assert.equal(mapper.kindOf('hubspot', 'notes')?.kind, 'research_report');
    assert.equal(mapper.kindOf('hubspot', 'tickets'), undefined);
    assert.throws(
      () => mapper.fieldsToRead('deal', 'hubspot', 'tickets', true),
      /deal does not live in hubspot tickets/,
    );
  });
});

describe('The shipped mapping: which rows are the same', () => {
  const keys: readonly [kind: Kind, fields: Fields, keys: string[][]][] = [
    ['company', { domain: 'a.example', name: 'A' }, [['domain=a.example'], []]],
    ['company', { domain: null, name: '  Müller  & Söhne ' }, [[], ['name=muller & sohne']]],
    ['company', { name: 'MULLER & SOHNE' }, [[], ['name=muller & sohne']]],
    ['company', {}, [[], []]],
    ['contact', { email: 'ada@example.com', lastName: 'Byron' }, [['email=ada@example.com']]],
    ['contact', { lastName: 'Byron' }, [[]]],
    ['deal', { company: 'r1', name: 'Big  Deal' }, [['company=r1&name=big deal']]],
    ['deal', { name: 'Big Deal' }, [[]]],
    ['deal', { company: 'r1', name: null }, [[]]],
    ['research_report', { title: 'Report' }, []],
  ];
  for (const [kind, fields, expected] of keys)
    it(`${kind} ${JSON.stringify(fields)}`, () => assert.deepEqual(mapper.matchKeys(kind, fields), expected));
});
