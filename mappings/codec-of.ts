import type { SideField } from '../protocol/mapping.ts';
import { codecs, type Codec } from './codecs.ts';
import { localDay } from './local-day.ts';

/** The codec of a field at one side. A vendor without a time zone of the account's own keeps days by UTC. */
export function codecOf(type: keyof typeof codecs, side: SideField, timeZone: string | null): Codec {
  return type === 'date' && side.as === 'instant' ? localDay(timeZone ?? 'UTC') : codecs[type];
}
