import type { Clock } from '../../protocol/ports/clock.ts';
import type { Ids } from '../../protocol/ports/ids.ts';
import type { Random } from './seeded-random.ts';

/** UUIDs of version 7 as the hub makes them, with chance from the seed: they sort by the virtual time they were made. */
export function seededIds(random: Random, clock: Clock): Ids {
  const hex = (value: number, digits: number): string => value.toString(16).padStart(digits, '0');
  return {
    next() {
      const time = hex(clock.now_ms(), 12);
      const variant = hex(0x8000 + random.int(0, 0x3fff), 4);
      const tail = hex(random.int(0, 0xff_ffff), 6) + hex(random.int(0, 0xff_ffff), 6);
      return `${time.slice(0, 8)}-${time.slice(8)}-7${hex(random.int(0, 0xfff), 3)}-${variant}-${tail}`;
    },
  };
}
