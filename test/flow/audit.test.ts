import assert from 'node:assert/strict';
import { eventually } from '../kit/eventually.ts';
import { PairSupply } from '../kit/pairs.ts';
import { useHouse } from '../kit/use-house.ts';

describe('flow: no change without its audit entry, and none without its change', () => {
  const house = useHouse();
  const supply = new PairSupply(house);

  it('each change was stored by the transaction that stored the entry which names it', async () => {
    const { hubspot, salesforce } = await supply.take('deal');
    await house().people.a.hubspot.update('deals', hubspot, { amount: '4100' });
    await house().people.a.salesforce.update('Opportunity', salesforce, { NextStep: 'Audit' });
    await house().quiet();
    // `xmin` is the transaction that wrote a row.
    const changes = await house().sql<{ field: string; entries: number }>(
      `select c.field, (select count(*)::int from audit a
         where a.xmin = c.xmin and a.subject = c.record_id and a.detail->'fields' ? c.field) as entries from change c`,
    );
    assert.ok(changes.length > 100 && changes.some(({ field }) => field === 'nextStep'));
    assert.deepEqual(
      changes.filter(({ entries }) => entries === 0),
      [],
    );
  });

  it('where the entry cannot be stored the change is not, and both are once it can', async () => {
    const { hubspot } = await supply.take('deal');
    const stored = async (): Promise<{ changes: number; amount: unknown; wasTried: boolean }> => {
      const [row] = await house().sql<{ changes: number; amount: unknown; wasTried: boolean }>(
        `select r.fields->>'amount' as amount, (select count(*)::int from change c
           where c.record_id = r.id and c.field = 'amount' and c.after::text like '%5200%') as changes,
           (select is_called from refused_entries) as "wasTried"
         from record r join link l on l.record_id = r.id where l.external_id = $1 and l.object = 'deals'`,
        [hubspot],
      );
      return row ?? assert.fail('the deal has a record');
    };
    // A sequence keeps its count where a transaction is rolled back.
    await house().sql('create sequence refused_entries');
    await house().sql('grant usage on sequence refused_entries to public');
    await house().sql(
      `create function refuse_entry() returns trigger language plpgsql as
         $$ begin perform nextval('refused_entries'); raise exception 'no entry is taken'; end $$`,
    );
    const before = await stored();
    try {
      await house().sql(
        `create trigger refuse before insert on audit for each row when (new.action like 'change.%') execute function refuse_entry()`,
      );
      await house().people.a.hubspot.update('deals', hubspot, { amount: '5200' });
      const tried = await eventually(async () => {
        const now = await stored();
        assert.ok(now.wasTried, 'the entry is tried');
        return now;
      }, 20_000);
      assert.deepEqual([tried.changes, tried.amount], [0, before.amount]);
      const parked = await eventually(async () => {
        const rows = await house().sql('select from parked where external_id = $1', [hubspot]);
        assert.ok(rows.length > 0, 'it is said');
        return rows;
      });
      assert.equal(parked.length, 1);
    } finally {
      await house().sql('drop trigger refuse on audit');
      await house().sql('drop function refuse_entry');
    }
    // The row is parked, not lost: the next look at it brings both.
    await house().people.a.hubspot.update('deals', hubspot, { hs_next_step: 'Look again' });
    await eventually(async () => assert.equal((await stored()).changes, 1), 20_000);
    await house().sql('drop sequence refused_entries');
    await house().quiet();
  }).timeout(60_000);
});
