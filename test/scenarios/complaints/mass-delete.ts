import type { Scenario } from '../scenario.ts';
import { setStage } from '../stage.ts';

const rows = 30;

export const scenario: Scenario = {
  number: 9,
  complaint: 'Somebody empties a list by mistake, and the sync empties the other CRM too',
  async play() {
    const stage = setStage({ onDelete: 'archive' });
    const { hubspot, salesforce } = stage;
    const ids = Array.from({ length: rows }, (_, index) =>
      hubspot.add('contacts', { email: `n${index}@nine.example`, lastname: 'Nine' }),
    );
    await stage.open();
    hubspot.act((tx) => {
      for (const id of ids) hubspot.place.account.crm.archive(tx, 'contacts', id);
    });
    await stage.pass(3_600_000);
    const waiting = stage.parked().filter((entry) => entry.cause === 'mass_delete');
    return { salesforce: salesforce.rows('Contact').length, waiting: waiting.length };
  },
  holds: { salesforce: rows, waiting: rows },
  harm: { salesforce: 0, waiting: 0 },
  guard: {
    name: 'however many rows are gone at once, all of it is followed',
    file: 'hub/sync/mass-delete.ts',
    find: 'return total > limit ? { ...before, pausedAt_ms: now_ms } : within;',
    replace: 'return total > limit * live ? { ...before, pausedAt_ms: now_ms } : within;',
  },
};
