import type { Codec } from './codecs.ts';
import { toInstant } from './to-instant.ts';

const day_ms = 86_400_000;

/**
 * A calendar day that a vendor keeps as an instant: it is the day that the account's time zone has at that instant, as the
 * vendor's own pages show it. Written is noon of the day there, so that who cuts it in another zone finds the same day.
 * `timeZone`: a name of the IANA database. Throws RangeError for another.
 */
export function localDay(timeZone: string): Codec {
  const offset_ms = offsets(timeZone);
  return {
    read: (raw) => {
      if (raw === null || String(raw).trim() === '') return null;
      const instant = toInstant(String(raw));
      if (instant === undefined) return undefined;
      const at_ms = Date.parse(instant);
      return new Date(at_ms + offset_ms(at_ms)).toISOString().slice(0, 10);
    },
    write: (value) => {
      if (value === null) return null;
      const noon_ms = Date.parse(String(value)) + day_ms / 2;
      // The offset of an instant that is not sought yet: on a day that begins or ends summer time it may be another's.
      const near_ms = noon_ms - offset_ms(noon_ms);
      return new Date(noon_ms - offset_ms(near_ms)).toISOString();
    },
  };
}

/** Making one costs as much as a hundred readings. */
const formats = new Map<string, Intl.DateTimeFormat>();

function formatOf(timeZone: string): Intl.DateTimeFormat {
  const known = formats.get(timeZone);
  if (known) return known;
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone,
    calendar: 'gregory',
    numberingSystem: 'latn',
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  });
  formats.set(timeZone, format);
  return format;
}

/** What the zone's clocks are ahead of UTC at an instant, by whole seconds. */
function offsets(timeZone: string): (at_ms: number) => number {
  const format = formatOf(timeZone);
  return (at_ms) => {
    const parts = Object.fromEntries(format.formatToParts(at_ms).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 1, day = 1, hour = 0, minute = 0, second = 0 } = parts;
    return Date.UTC(year, month - 1, day, hour, minute, second) - at_ms;
  };
}
