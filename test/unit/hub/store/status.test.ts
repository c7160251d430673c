import assert from 'node:assert/strict';
import { countSql } from '../../../../hub/store/status.ts';
import { freshDatabase } from '../../../kit/postgres.ts';
import { sql } from './rig.ts';

describe('hub/store status', () => {
  it('counts the large tables from an index alone, whatever their size', async () => {
    const { appUrl } = await freshDatabase();
    for (const what of ['records', 'links', 'runs', 'conflicts', 'caughtBy'] as const) {
      const statement = `set app.tenant = 'a'; set enable_seqscan = off; set enable_bitmapscan = off;
        set enable_indexscan = off; explain ${countSql(what).replace('?', "'a'")}`;
      const plan = (await sql<{ 'QUERY PLAN': string }>(appUrl, statement)).map((row) => row['QUERY PLAN']).join('\n');
      assert.match(plan, /Index Only Scan/, what);
      assert.doesNotMatch(plan, /Seq Scan|Heap Scan|Index Scan/, what);
    }
  });
});
