import type { House } from '../kit/house.ts';
import type { Arena } from './arena.ts';
import { faultsOf, rowOf, type Loss } from './oracle.ts';
import { researchFaults } from './research.ts';
import { readWorld } from './world.ts';

/** Everything at rest against everything acknowledged since `from_ms`, one line a fault; then that is what must stay. */
export async function compare(arena: Arena, from_ms: number): Promise<string[]> {
  const { house, ledger } = arena;
  const world = await readWorld(house);
  const rows = await house.sql<{ record: string; field: string; value: unknown }>(
    `select record_id as record, field, lost as value from conflict where at_ms >= $1
     union all select record_id, field, after from change where at_ms >= $1`,
    [from_ms],
  );
  const kept = Map.groupBy(rows, ({ record, field }) => `${record} ${field}`);
  const losses = faultsOf(ledger, world, arena.before, (record, field) =>
    (kept.get(`${record} ${field}`) ?? []).map(({ value }) => value),
  );
  ledger.settle((entry) => rowOf(entry.subject, 'hubspot', world)?.values[entry.field.name] ?? '');
  const now = await house.content('b');
  const strange = [
    ...now.filter((line) => !arena.untouched.includes(line)),
    ...arena.untouched.filter((line) => !now.includes(line)),
  ];
  return [
    ...(await Promise.all(losses.map((loss) => told(house, loss, from_ms)))),
    ...(await researchFaults(house, arena.moved, arena.notesBefore)),
    ...strange.map((line) => `the second tenant is touched: ${line.slice(0, 200)}`),
  ];
}

/** A loss with what the hub did to that field meanwhile, and what waits of that record. */
async function told(house: House, { text, recordId, field }: Loss, from_ms: number): Promise<string> {
  if (recordId === undefined) return text;
  const rows = await house.sql<{ at_ms: string; what: string }>(
    `select at_ms, format('%s -> %s seen in %s by %s', before, after, side, cause->>'lane') as what
       from change where record_id = $1 and field = $2 and at_ms >= $3
     union all select at_ms, format('%s (%s) lost to %s (%s), %s', lost, loser, kept, winner, reason)
       from conflict where record_id = $1 and field = $2 and at_ms >= $3
     union all select w.sent_at_ms, format('%s written to %s: %s', w.values->>$2, l.installation_id, w.state)
       from write w join link l on l.id = w.link_id where l.record_id = $1 and w.values ? $2 and w.sent_at_ms >= $3
     union all select at_ms, format('parked at %s: %s %s', installation_id, cause, detail) from parked where record_id = $1
     order by 1`,
    [recordId, field, from_ms],
  );
  return [text, ...rows.map(({ at_ms, what }) => `    ${Number(at_ms) - from_ms} ms: ${what}`)].join('\n');
}
