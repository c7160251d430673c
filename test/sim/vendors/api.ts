import { chunks } from '../../../protocol/chunks.ts';
import type { CrmApi, FieldDescription, ObjectDescription } from '../../../protocol/crm-connector.ts';
import { OutOfReach } from '../../../protocol/errors.ts';
import type { Person } from '../../../protocol/nouns.ts';
import type { Gate } from '../../../protocol/ports/gate.ts';
import type { Purpose } from '../../../protocol/purpose.ts';
import { changedSince, listed } from './listing.ts';
import { field, type SimField } from './field.ts';
import { readIds, readByField } from './reading.ts';
import type { SimAccount } from './account.ts';
import { Wire } from './wire.ts';
import { archiveRows } from './archiving.ts';
import { writeRows } from './writing.ts';

/** The API of one account, behind the contract of a connector: nothing in here knows the hub. */
export function openApi(account: SimAccount, gate: Gate): CrmApi {
  const { crm, line } = account;
  const { flavour } = crm;
  const wire = new Wire(line, gate);
  const background = (what: string): Purpose => ({ lane: 'background', what });

  return {
    async read(object, externalIds, fields, purpose) {
      needs(account, object);
      const found = { rows: [], missing: [] } as Awaited<ReturnType<CrmApi['read']>>;
      for (const ids of chunks(externalIds, flavour.batchSize)) {
        const about = { object, count: ids.length, purpose };
        const page = await wire.read(about, () => readIds(account, object, ids, fields));
        found.rows.push(...page.rows);
        found.missing.push(...page.missing);
      }
      return found;
    },
    async readByRecordId(object, idField, recordIds, fields, purpose) {
      needs(account, object);
      const rows = [];
      for (const ids of chunks(recordIds, flavour.batchSize)) {
        const about = { object, count: ids.length, purpose };
        rows.push(...(await wire.read(about, () => readByField(account, object, idField, ids, [...fields, idField]))));
      }
      return rows;
    },
    write: (object, idField, rows, _fields, purpose) => writeRows({ account, wire, object, idField, purpose }, rows),
    archive: (object, ids, purpose) => archiveRows(account, wire, { object, purpose }, ids),
    list(object, after, purpose) {
      needs(account, object);
      return wire.read({ object, count: flavour.listSize, purpose }, () => listed(account, object, after));
    },
    walk(object, after, purpose) {
      needs(account, object);
      return wire.read({ object, count: flavour.listSize, purpose }, () => listed(account, object, after));
    },
    changedSince(object, since, purpose) {
      needs(account, object);
      const endpoint = flavour.vendor === 'hubspot' ? 'search' : 'crm';
      const about = { endpoint, object, count: flavour.changesSize, purpose };
      return wire.read(about, () => changedSince(account, object, since));
    },
    describe: (object) =>
      wire.read({ object, count: 1, purpose: background('describe') }, () => described(account, object)),
    people: () => wire.read({ object: 'users', count: 1, purpose: background('people') }, () => [...people]),
    ...(flavour.vendor === 'hubspot' && {
      ensureFields: (object, needed) =>
        wire.write({ object, count: needed.length, purpose: background('describe') }, () => {
          needs(account, object);
          for (const { name, type, unique } of needed) {
            const made = field(name, type === 'instant' ? 'instant' : 'text', { unique, maxLength: 65_536 });
            if (!crm.schema.get(object)?.has(name)) crm.schema.get(object)?.set(name, made);
          }
        }),
    }),
    ...(account.feed && { stream: (options) => account.feed?.follow(options) ?? Promise.resolve() }),
  };
}

const people: readonly Omit<Person, 'installationId'>[] = [
  { userId: '101', ownerId: '101', name: 'Ada Example', email: 'ada@people.example' },
  { userId: '102', ownerId: '102', name: 'Ben Example', email: 'ben@people.example' },
];

function needs({ crm }: SimAccount, object: string): void {
  if (!crm.schema.has(object)) throw new OutOfReach(`There is no object ${object}.`, 'An admin must add it.');
}

function described({ crm, hidden }: SimAccount, object: string): ObjectDescription | undefined {
  if (!crm.schema.has(object)) return undefined;
  const seen = crm.fieldsOf(object).filter((one) => !hidden.has(`${object}.${one.name}`));
  return { object, fields: Object.fromEntries(seen.map((one) => [one.name, describedField(one)])) };
}

function describedField({ name, readOnly, required, maxLength, options }: SimField): FieldDescription {
  const limited = options?.map((value) => ({ value, label: value })) ?? null;
  return { label: name, writable: !readOnly, required, maxLength, options: limited };
}
