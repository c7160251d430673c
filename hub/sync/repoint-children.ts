import type { Fields, Value } from '../../protocol/fields.ts';
import type { StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { VendorEvent } from '../../protocol/vendor-event.ts';
import type { SyncDeps } from './deps.ts';
import { lookAgain } from './look-again.ts';
import { withKeys } from './record-keys.ts';

/**
 * What referred to records that ended in another refers to that one now, in the records and in what the accounts last agreed
 * on. A CRM tells nothing of the rows that it turned to the survivor, so each is read again wherever it is linked.
 */
export async function repointChildren(
  deps: SyncDeps,
  tx: TenantTx,
  { children, ended, into }: { children: readonly StoredRecord[]; ended: readonly string[]; into: string },
): Promise<void> {
  const { mapper } = deps;
  const now_ms = deps.clock.now_ms();
  const turn = (record: StoredRecord, fields: Fields): Fields => {
    const names = mapper.mappings.kinds[record.kind].fields.filter((field) => field.to !== null);
    const turned = names.flatMap(({ name }): [string, Value][] => {
      const value = fields[name];
      return value === undefined ? [] : [[name, turnedValue(value, (id) => (ended.includes(id) ? into : id))]];
    });
    return { ...fields, ...Object.fromEntries(turned) };
  };
  const byId = new Map(children.map((record) => [record.id, record]));
  const links = await tx.linksOfRecords([...byId.keys()]);
  if (ended.length > 0) {
    await tx.saveRecords(children.map((one) => withKeys(mapper, { ...one, fields: turn(one, one.fields) })));
    await tx.saveLinks(
      links.map((link) => {
        const record = byId.get(link.recordId) as StoredRecord;
        return link.base === null ? link : { ...link, base: turn(record, link.base) };
      }),
    );
  }
  const rows = links.filter((link) => link.state === 'live');
  for (const [installationId, some] of Map.groupBy(rows, (link) => link.installationId)) {
    const hints = some.flatMap(({ id, object, externalId }): VendorEvent[] =>
      externalId === null ? [] : [lookAgain(`turned-${id}-${into}-${now_ms}`, { object, externalId }, now_ms)],
    );
    if (hints.length === 0) continue;
    await tx.addInbox(installationId, hints);
    await tx.markDue(installationId, 'observe', now_ms);
  }
}

/** A reference, or a set of them, each turned; sets stay sorted and hold nothing twice. */
export function turnedValue(value: Value, turn: (recordId: string) => string): Value {
  if (typeof value === 'string') return turn(value);
  return Array.isArray(value) ? [...new Set((value as readonly string[]).map(turn))].sort() : value;
}
