import { objectHealth } from '../../../hub/sync/object-health.ts';
import type { Installation } from '../../../protocol/nouns.ts';
import { mapper, tenantId } from '../../sim/world.ts';
import type { Scenario } from '../scenario.ts';
import { setStage, type Stage } from '../stage.ts';

const rows = 10;
const loaded = 3;

async function agreement({ world, hubspot }: Stage): Promise<string> {
  return world.store.tenant(tenantId, async (tx) => {
    const here = (one: Installation): boolean => one.id === hubspot.place.installationId;
    const installation = (await tx.installations()).find(here) as Installation;
    const health = await objectHealth(mapper, tx, installation, world.clock.now_ms());
    const sweep = health.find(({ object }) => object === 'contacts')?.sweep;
    return sweep ? `${sweep.equal} of ${sweep.rows} agree, ${sweep.unseen} unseen` : 'not compared yet';
  });
}

export const scenario: Scenario = {
  number: 24,
  complaint: 'The status says healthy while data is missing',
  async play() {
    const stage = setStage({ rates: { event_dropped: 1 } });
    const { hubspot } = stage;
    for (let index = 0; index < rows; index++)
      hubspot.add('contacts', { email: `n${index}@twentyfour.example`, lastname: 'Twenty-Four' });
    await stage.open();
    const before = await agreement(stage);
    // A data loader that keeps the old stamps: neither an event nor a list of changes tells of these rows.
    for (let index = 0; index < loaded; index++) {
      const id = hubspot.add('contacts', { email: `old${index}@twentyfour.example`, lastname: 'Twenty-Four' });
      const row = hubspot.row('contacts', id);
      row.stamp_ms -= 86_400_000;
      row.versions = row.versions.map((version) => ({ ...version, stamp_ms: row.stamp_ms }));
    }
    await stage.rest();
    await stage.sweep(hubspot);
    const told = await agreement(stage);
    await stage.rest();
    await stage.sweep(hubspot);
    return { before, told, mended: await agreement(stage) };
  },
  holds: {
    before: 'not compared yet',
    told: `${rows} of ${rows + loaded} agree, ${loaded} unseen`,
    mended: `${rows + loaded} of ${rows + loaded} agree, 0 unseen`,
  },
  harm: { before: 'not compared yet', told: '13 of 13 agree, 3 unseen', mended: '13 of 13 agree, 0 unseen' },
  guard: {
    name: 'every row that was listed counts as agreeing',
    file: 'hub/sync/sweep-page.ts',
    find: 'equal: rows.length - differing.length,',
    replace: 'equal: rows.length,',
  },
};
