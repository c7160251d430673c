import assert from 'node:assert/strict';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { loadMappings } from '../../../mappings/load.ts';
import { parseMapping } from '../../../mappings/parse.ts';
import { mappingFileSchema } from '../../../mappings/schema.ts';
import { faulty, fields } from './faulty-files.ts';

describe('Mapping files: faults are named with line and column', () => {
  for (const [what, text, ...expected] of faulty)
    it(what, () => {
      const { parsed, faults } = parseMapping('contact.yaml', text);
      assert.deepEqual(
        faults.map((fault) => `${fault.file}:${fault.line}:${fault.column} ${fault.message}`),
        expected.map((fault) => `contact.yaml:${fault}`),
      );
      assert.equal(parsed, undefined);
    });
});

describe('Mapping files: what they say', () => {
  it('reads defaults, directions, orders and objects', () => {
    const text = `kind: contact
ours: true
objects:
  hubspot:
    - object: contacts
      id: rapport_id
      facts: { owner: hubspot_owner_id }
      onCreate: { closedate: today + 90 days, lastname: local part of email, stage: new }
    - object: leads
      id: rapport_id
fields:
  optOut:
    { type: boolean, rule: most-restrictive, order: [false, true], tie: hubspot, direction: { hubspot: in }, hubspot: { leads: out } }
  closeDate: { type: date, hubspot: closedate, as: { hubspot: instant } }
`;
    const { parsed, faults } = parseMapping('contact.yaml', text);
    assert.deepEqual(faults, []);
    assert.deepEqual(parsed?.mapping, {
      kind: 'contact',
      ours: true,
      onDelete: 'keep',
      match: [],
      objects: {
        hubspot: [
          {
            object: 'contacts',
            idField: 'rapport_id',
            facts: { owner: 'hubspot_owner_id' },
            onCreate: [
              { field: 'closedate', from: 'today-plus-days', days: 90 },
              { field: 'lastname', from: 'local-part-of', source: 'email' },
              { field: 'stage', from: 'constant', value: 'new' },
            ],
          },
          { object: 'leads', idField: 'rapport_id', facts: {}, onCreate: [] },
        ],
      },
      fields: [
        {
          name: 'optOut',
          type: 'boolean',
          rule: 'most-restrictive',
          tie: 'hubspot',
          group: null,
          order: ['false', 'true'],
          to: null,
          sides: { hubspot: { field: { leads: 'out' }, direction: 'in', as: null, values: null } },
        },
        {
          name: 'closeDate',
          type: 'date',
          rule: 'newest',
          tie: 'salesforce',
          group: null,
          order: [],
          to: null,
          sides: { hubspot: { field: 'closedate', direction: 'both', as: 'instant', values: null } },
        },
      ],
    });
  });

  describe('as a folder', () => {
    let folder: string;
    beforeEach(() => {
      folder = mkdtempSync(join(tmpdir(), 'mappings-'));
    });
    afterEach(() => rmSync(folder, { recursive: true }));

    it('lists the faults of all files at once, and says what to do', () => {
      writeFileSync(join(folder, 'a.yaml'), fields('  email: { type: email }\n'));
      writeFileSync(join(folder, 'b.yaml'), 'kind: deal\n');
      writeFileSync(join(folder, 'notes.txt'), 'not a mapping');
      assert.throws(
        () => loadMappings(folder),
        (error: Error & { remedy: string }) => {
          assert.match(
            error.message,
            /^The mappings have 3 faults:\na\.yaml:6:3 fields\.email: .*\nb\.yaml:1:1 objects: .*\nb\.yaml:1:1 fields: /,
          );
          assert.equal(error.remedy, 'Correct the named lines and start again.');
          return true;
        },
      );
    });

    it('misses a kind that no file describes', () => {
      writeFileSync(join(folder, 'contact.yaml'), fields('  email: { type: email, hubspot: email }\n'));
      assert.throws(() => loadMappings(folder), /needs one file for kind company, found 0\n.*kind deal, found 0\n/);
    });
  });
});

describe('mappings/README.md', () => {
  const readme = readFileSync(join(import.meta.dirname, '../../../mappings/README.md'), 'utf8');

  it('shows an example that is read', () => {
    const [, example] = /```yaml\n([^]*?)```/.exec(readme) as unknown as [string, string];
    assert.deepEqual(parseMapping('README.md', example).faults, []);
  });

  it('explains every key and every rule', () => {
    const { fields, objects, ...top } = mappingFileSchema.shape;
    const field = fields.valueType.shape;
    const rules = field.rule.unwrap().options;
    const words = [
      ...Object.keys({ ...top, ...field, ...objects.shape }),
      ...rules,
      ...field.type.options,
      'unless',
      'same',
      'onCreate',
      'facts',
    ];
    for (const word of words) assert.ok(readme.includes(`\`${word}`), `${word} is not explained`);
  });
});
