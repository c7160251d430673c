import assert from 'node:assert/strict';
import {
  array,
  assert as check,
  boolean,
  date,
  integer,
  constantFrom,
  property,
  string,
  tuple,
  type Arbitrary,
} from 'fast-check';
import { codecs } from '../../../mappings/codecs.ts';
import type { Value, VendorValue } from '../../../protocol/fields.ts';
import type { Vendor } from '../../../protocol/nouns.ts';

type Coded = keyof typeof codecs;

const vendors: readonly Vendor[] = ['hubspot', 'salesforce'];

/** What comes back from a vendor that keeps a value exactly: HubSpot as text, Salesforce as typed JSON. */
function kept(written: VendorValue, vendor: Vendor, type: Coded): VendorValue {
  if (vendor === 'hubspot') return written === null ? '' : String(written);
  if (type === 'instant' && typeof written === 'string') return written.replace(/\.\d{3}Z$/, '.000+0000');
  return written;
}

const words = (unit: 'grapheme' | 'binary'): Arbitrary<string> =>
  string({ unit, maxLength: 40 })
    .map((text) => text.replaceAll('\0', '').replaceAll('\r\n', '\n').trim())
    .filter((text) => text !== '' && !text.includes('\r\n'));
const digits = (most: number): Arbitrary<string> =>
  array(integer({ min: 0, max: 9 }), { minLength: 1, maxLength: most }).map((all) => all.join(''));
/** Up to 15 significant digits: what a Salesforce number keeps. */
const decimals = tuple(boolean(), digits(9), digits(6)).map(([negative, whole, fraction]) => {
  const plain = [whole.replace(/^0+(?=\d)/, ''), fraction.replace(/0+$/, '')].filter(Boolean).join('.');
  return negative && plain !== '0' ? `-${plain}` : plain;
});
const instants = date({
  min: new Date('1970-01-01T00:00:00Z'),
  max: new Date('2999-12-31T00:00:00Z'),
  noInvalidDate: true,
}).map((time) => `${time.toISOString().slice(0, 19)}.000Z`);

const canonical: Readonly<Record<Coded, Arbitrary<Value>>> = {
  text: words('grapheme'),
  long_text: words('binary'),
  html: words('grapheme').map((text) => `<p>${text}</p>`),
  phone: words('grapheme'),
  email: words('grapheme').map((text) => `${text.toLowerCase().trim()}@example.com`.toLowerCase()),
  domain: constantFrom('northwind.example', 'sub.northwind.example', 'münster.example', 'xn--mnster-3ya.example'),
  integer: integer({ min: -2_147_483_648 }),
  decimal: decimals,
  date: instants.map((time) => time.slice(0, 10)),
  instant: instants,
  boolean: boolean(),
};

describe('Codecs: a value survives the way to a vendor and back', () => {
  for (const type of Object.keys(codecs) as Coded[])
    for (const vendor of vendors)
      it(`${type}, ${vendor}`, () => {
        const { read, write } = codecs[type];
        check(
          property(canonical[type], (value) => assert.deepEqual(read(kept(write(value, vendor), vendor, type)), value)),
        );
        assert.equal(read(kept(write(null, vendor), vendor, type)), null, 'cleared stays cleared');
      });

  it('a decimal beyond 15 digits is rounded by Salesforce once, and then stays', () => {
    const { read, write } = codecs.decimal;
    const once = read(write('12345678901234567.89', 'salesforce'));
    assert.equal(once, '12345678901234568');
    assert.equal(read(write(once as Value, 'salesforce')), once);
    assert.equal(read(write('12345678901234567.89', 'hubspot')), '12345678901234567.89');
  });
});

const none = undefined;
const readings: readonly [type: Coded, raw: VendorValue, read: Value | undefined][] = [
  ['text', '  Söhne & Co \u00a0', 'Söhne & Co'],
  ['text', ' \t', null],
  ['text', 'Jane \0', 'Jane'],
  ['text', '\0', null],
  ['text', '\uD83D', '\uFFFD'],
  ['text', 42, '42'],
  ['long_text', 'one\r\ntwo', 'one\ntwo'],
  ['email', ' Ada@Example.COM ', 'ada@example.com'],
  ['email', '  ', null],
  ['domain', 'https://www.Northwind.example/about?x=1', 'northwind.example'],
  ['domain', 'WWW.NORTHWIND.EXAMPLE', 'northwind.example'],
  ['domain', ' ', null],
  ['domain', 'not a domain', none],
  ['integer', '250', 250],
  ['integer', '250.0', 250],
  ['integer', 250, 250],
  ['integer', '1.2E3', 1200],
  ['integer', ' ', null],
  ['integer', '2.5', none],
  ['integer', '0x10', none],
  ['integer', true, none],
  ['integer', '9007199254740993', none],
  ['decimal', '48000.00', '48000'],
  ['decimal', '4.8e4', '48000'],
  ['decimal', 1e-7, '0.0000001'],
  ['decimal', '-0.0', '0'],
  ['decimal', '.50', '0.5'],
  ['decimal', '007.10', '7.1'],
  ['decimal', '+5', '5'],
  ['decimal', '1,000', none],
  ['decimal', '0x1e', none],
  ['decimal', '1e999', none],
  ['decimal', '.', none],
  ['decimal', 'three', none],
  ['date', '2025-02-28', '2025-02-28'],
  ['date', '2025-02-28T00:00:00.000Z', '2025-02-28'],
  ['date', '1740700800000', '2025-02-28'],
  ['date', '2025-02-30', none],
  ['date', '28.02.2025', none],
  ['date', 'room 5', none],
  ['instant', '2025-02-28T10:11:12.000+0000', '2025-02-28T10:11:12.000Z'],
  ['instant', '2025-02-28T10:11:12.345Z', '2025-02-28T10:11:12.000Z'],
  ['instant', '2025-02-28T12:11:12+02:00', '2025-02-28T10:11:12.000Z'],
  ['instant', '1740737472345', '2025-02-28T10:11:12.000Z'],
  ['instant', '0', '1970-01-01T00:00:00.000Z'],
  ['instant', '2025-02-28T10:11:12', none],
  ['instant', '2025-02-30T10:11:12Z', none],
  ['instant', '2025-02-28T25:11:12Z', none],
  ['instant', '99999999999999999999', none],
  ['instant', 'soon', none],
  ['instant', '1e12', none],
  ['boolean', 'TRUE', true],
  ['boolean', false, false],
  ['boolean', '', null],
  ['boolean', 'yes', none],
];

describe('Codecs: what vendors write, and what is none of it', () => {
  for (const [type, raw, read] of readings)
    it(`${type} ${JSON.stringify(raw)} is ${read === undefined ? 'unreadable' : JSON.stringify(read)}`, () => {
      assert.equal(codecs[type].read(raw), read);
    });
});
