import assert from 'node:assert/strict';
import { assert as check, constantFrom, date, property } from 'fast-check';
import { localDay } from '../../../mappings/local-day.ts';

const days = date({
  min: new Date('1975-01-01T00:00:00Z'),
  max: new Date('2199-12-31T00:00:00Z'),
  noInvalidDate: true,
}).map((time) => time.toISOString().slice(0, 10));
/** Zones of days that were never, on which the zone crossed the date line, have no such day to keep. */
const neverWas: Readonly<Record<string, readonly string[]>> = {
  'Pacific/Apia': ['2011-12-30'],
  'Pacific/Fakaofo': ['2011-12-30'],
  'Pacific/Enderbury': ['1994-12-31', '1995-01-01'],
  'Pacific/Kanton': ['1994-12-31', '1995-01-01'],
  'Pacific/Kiritimati': ['1994-12-31', '1995-01-01'],
  'Pacific/Kwajalein': ['1993-08-20', '1993-08-21'],
};
const zones = [...Intl.supportedValuesOf('timeZone'), 'US/Eastern', 'US/Pacific', 'UTC'];

describe('A day that a vendor keeps as an instant', () => {
  it('comes back from every zone as it went, on each day of summer time, too', () => {
    const zone = constantFrom(...zones);
    check(
      property(zone, days, (timeZone, day) => {
        if (neverWas[timeZone]?.includes(day)) return;
        const { read, write } = localDay(timeZone);
        const written = String(write(day, 'hubspot'));
        assert.equal(read(written), day);
        assert.equal(read(String(Date.parse(written))), day, 'as an event tells it');
      }),
      { numRuns: 2_000 },
    );
  });

  it('is the one that the zone shows, at any time of it', () => {
    const show = (timeZone: string): Intl.DateTimeFormat => new Intl.DateTimeFormat('sv-SE', { timeZone });
    const times = date({
      min: new Date('1975-01-01T00:00:00Z'),
      max: new Date('2199-12-31T00:00:00Z'),
      noInvalidDate: true,
    });
    check(
      property(constantFrom(...zones), times, (timeZone, time) => {
        const whole = new Date(Math.floor(time.getTime() / 1000) * 1000);
        assert.equal(localDay(timeZone).read(whole.toISOString()), show(timeZone).format(whole));
      }),
      { numRuns: 1_000 },
    );
  });

  const readings: readonly [timeZone: string, raw: string | null, day: string | null | undefined][] = [
    ['US/Eastern', '2027-03-15T03:59:59Z', '2027-03-14'],
    ['US/Eastern', '2027-03-15T04:00:00Z', '2027-03-15'],
    ['US/Eastern', '2027-01-15T04:59:59Z', '2027-01-14'],
    ['US/Eastern', '2027-01-15T05:00:00Z', '2027-01-15'],
    ['Europe/Berlin', '2027-03-30T22:00:00Z', '2027-03-31'],
    ['Asia/Kolkata', '1806431400000', '2027-03-31'],
    ['Pacific/Kiritimati', '2027-03-30T10:00:00Z', '2027-03-31'],
    ['UTC', '2027-03-31T23:59:59Z', '2027-03-31'],
    ['UTC', null, null],
    ['UTC', ' ', null],
    ['UTC', 'soon', undefined],
    ['UTC', '2027-02-30T00:00:00Z', undefined],
  ];
  for (const [timeZone, raw, day] of readings)
    it(`${raw} in ${timeZone} is ${day === undefined ? 'unreadable' : day}`, () =>
      assert.equal(localDay(timeZone).read(raw), day));

  it('is written as noon there, so that neighbours and UTC see the same day', () => {
    const written = (timeZone: string, day: string) => localDay(timeZone).write(day, 'hubspot');
    assert.equal(written('US/Eastern', '2027-03-14'), '2027-03-14T16:00:00.000Z', 'the day that summer time begins');
    assert.equal(written('US/Eastern', '2027-11-07'), '2027-11-07T17:00:00.000Z', 'the day that it ends');
    assert.equal(written('Europe/Berlin', '2027-06-30'), '2027-06-30T10:00:00.000Z');
    assert.equal(written('UTC', '2027-06-30'), '2027-06-30T12:00:00.000Z');
    assert.equal(localDay('UTC').write(null, 'hubspot'), null);
  });

  it('knows no zone that the IANA database does not have', () => {
    assert.throws(() => localDay('Mars/Olympus'), RangeError);
  });
});
