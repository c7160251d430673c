import { randomBytes } from 'node:crypto';
import type { Clock } from '../protocol/ports/clock.ts';
import type { Ids } from '../protocol/ports/ids.ts';

/** UUIDs of version 7 (RFC 9562): they sort by the time they were made. */
export function timeOrderedIds(clock: Clock): Ids {
  return {
    next() {
      const bytes = randomBytes(16);
      bytes.writeUIntBE(clock.now_ms(), 0, 6);
      bytes[6] = ((bytes[6] as number) & 0x0f) | 0x70;
      bytes[8] = ((bytes[8] as number) & 0x3f) | 0x80;
      const hex = bytes.toString('hex');
      return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-${hex.slice(12, 16)}-${hex.slice(16, 20)}-${hex.slice(20)}`;
    },
  };
}
