import type { Clock } from '../../protocol/ports/clock.ts';
import { comparePageConformance } from './store/compare-page.ts';
import { dueConformance } from './store/due.ts';
import { heldRunConformance } from './store/held-runs.ts';
import { historyConformance } from './store/history.ts';
import { inboxConformance } from './store/inbox.ts';
import { recordConformance } from './store/records.ts';
import type { StoreRig, TestedStore } from './store/rig.ts';
import { tenantNamed, testClock } from './store/rig.ts';
import { retentionConformance } from './store/retention.ts';
import { runConformance } from './store/runs.ts';
import { streamHolderConformance } from './store/stream-holder.ts';
import { tenancyConformance } from './store/tenancy.ts';
import { eraseConformance } from './store/erase.ts';

/** What every store must do. `make` gives an empty store that reads time from `clock`. */
export function storeConformance(make: (clock: Clock) => Promise<TestedStore>): void {
  const rig = {} as StoreRig;
  beforeEach(async () => {
    rig.clock = testClock();
    rig.store = await make(rig.clock);
    for (const id of ['a', 'b']) await rig.store.provisionTenant(tenantNamed(id));
  });
  afterEach(() => rig.store.close());

  describe('tenancy', () => tenancyConformance(rig));
  describe('inbox', () => inboxConformance(rig));
  describe('positions of streams', () => streamHolderConformance(rig));
  describe('due work', () => dueConformance(rig));
  describe('records and links', () => recordConformance(rig));
  describe('pages of a sweep', () => comparePageConformance(rig));
  describe('history, parked entries and writes', () => historyConformance(rig));
  describe('runs', () => runConformance(rig));
  describe('held runs', () => heldRunConformance(rig));
  describe('retention', () => retentionConformance(rig));
  describe('erasure', () => eraseConformance(rig));
}
