import type { FieldDescription } from '../../../protocol/crm-connector.ts';
import { mapper } from '../../sim/world.ts';
import type { Scenario } from '../scenario.ts';

const zones = ['Pacific/Auckland', 'Asia/Kolkata', 'UTC', 'America/Los_Angeles'];
const days = ['2026-03-29', '2026-11-01', '2026-12-31'];
const field: FieldDescription = { label: '', writable: true, required: false, maxLength: null, options: null };

/** A day of Salesforce as HubSpot keeps it, read back, and as a person of the portal would have entered it at midnight. */
function roundTrip(day: string, timeZone: string): (string | undefined)[] {
  const about = { kind: 'deal', object: 'deals', vendor: 'hubspot', timeZone } as const;
  const description = { object: 'deals', fields: { closedate: field } };
  const { fields } = mapper.toVendor(about, { closeDate: day }, () => undefined, description);
  const noon_ms = Date.parse(String(fields['closedate']));
  const local = new Intl.DateTimeFormat('sv-SE', { timeZone, dateStyle: 'short', timeStyle: 'medium' }).format(noon_ms);
  // A minute past midnight by the portal's own clocks.
  const midnight = new Date(noon_ms - (12 * 60 - 1) * 60_000).toISOString();
  const read = [String(fields['closedate']), ...(isSteady(day) ? [midnight] : [])].map((written) =>
    String(mapper.toCanonical(about, { closedate: written }, () => undefined).fields['closeDate']),
  );
  return [local.slice(0, 10), ...read].filter((one) => one !== day);
}

/** Clocks are changed on the others, so that noon is not twelve hours after midnight. */
function isSteady(day: string): boolean {
  return day === '2026-12-31';
}

export const scenario: Scenario = {
  number: 22,
  complaint: 'Dates shift by a day between the CRMs',
  async play() {
    return { shifted: zones.flatMap((zone) => days.flatMap((day) => roundTrip(day, zone))) };
  },
  holds: { shifted: [] },
  harm: { shifted: ['2026-03-30', '2026-11-02', '2027-01-01'] },
  guard: {
    name: 'a day is cut by UTC, whatever the portal’s time zone',
    file: 'mappings/codec-of.ts',
    find: "localDay(timeZone ?? 'UTC')",
    replace: "localDay(timeZone === '' ? timeZone : 'UTC')",
  },
};
