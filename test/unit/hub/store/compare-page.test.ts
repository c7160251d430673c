import assert from 'node:assert/strict';
import type { OpenStore } from '../../../../hub/store/open-store.ts';
import { aLink, aRecord } from '../../../conformance/store/nouns.ts';
import { eventually } from '../../../kit/eventually.ts';
import type { FreshDatabase } from '../../../kit/postgres.ts';
import { filledStore, sql } from './rig.ts';

const many = 3_000;

describe('hub/store pages of a sweep', () => {
  let store: OpenStore;
  let database: FreshDatabase;
  before(async () => {
    ({ store, database } = await filledStore());
    await store.tenant('a', async (tx) => {
      const links = Array.from({ length: many }, (_, at) => aLink(`l${at}`, { externalId: String(10_000 + at) }));
      await tx.saveRecords(links.map((link) => ({ record: aRecord(link.recordId), matchKeys: [] })));
      await tx.saveLinks(links);
    });
    await sql(database.ownerUrl, 'analyze link');
  });

  const used = async (): Promise<{ scans: number; entries: number }> => {
    const [row] = await sql<{ scans: number; entries: number }>(
      database.ownerUrl,
      `select idx_scan::int as scans, idx_tup_read::int as entries from pg_stat_user_indexes
       where indexrelname = 'link_walk_index'`,
    );
    assert.ok(row);
    return row;
  };

  it('cost what lies between their ends, whatever the account’s size', async () => {
    const before = await used();
    const page = { after: '11999', to: '12099', rows: [{ externalId: '12000', stamp_ms: 1 }] };
    const { missing } = await store.tenant('a', (tx) => tx.comparePage('hs', 'deals', page, 500));
    assert.equal(missing.length, 99);
    // The server counts when a connection ends.
    await store.close();
    await eventually(async () => assert.ok((await used()).scans > before.scans));
    assert.equal((await used()).entries - before.entries, 100);
  });
});
