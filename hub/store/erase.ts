import { LockMode } from '@mikro-orm/postgresql';
import type { StoredRecord } from '../../protocol/nouns.ts';
import type { TenantTx } from '../../protocol/ports/store.ts';
import type { Db } from './db.ts';
import { forgetRows } from './forget-rows.ts';
import { strikeOutOurWords } from './our-words.ts';
import { unmanaged } from './rows.ts';
import { LinkTable, RecordTable } from './tables/record.ts';

const mark = '[erased]';

/**
 * Texts that stay in the history of other records and in what runs have said. A person may be named there, so their
 * identifiers are struck out. Canonical fields and bases of other records are the CRMs' own words and follow the CRMs,
 * but for the words that we put there.
 */
const mentions: readonly { table: string; columns: readonly string[] }[] = [
  { table: 'run', columns: ['result', 'progress', 'message'] },
  { table: 'change', columns: ['before', 'after'] },
  { table: 'conflict', columns: ['lost', 'kept'] },
  { table: 'parked', columns: ['value', 'detail'] },
  { table: 'write', columns: ['values'] },
  { table: 'inbox', columns: ['event'] },
];

const textColumns = new Set(['message', 'detail']);

export function erase(db: Db): Pick<TenantTx, 'eraseContact' | 'eraseRow' | 'isErased'> {
  const { em, tenantId, clock, keyring } = db;
  return {
    async eraseContact(recordId) {
      const lock = { ...unmanaged, lockMode: LockMode.PESSIMISTIC_WRITE };
      const record = await em.findOne(RecordTable, { tenantId, id: recordId }, lock);
      const links = await em.find(LinkTable, { tenantId, recordId }, unmanaged);
      await forgetRows(
        db,
        links.flatMap(({ installationId, object, externalId }) =>
          externalId ? [{ installationId, object, externalId }] : [],
        ),
      );
      const linkIds = links.map(({ id }) => id);
      if (linkIds.length > 0) {
        await em.execute('delete from write where tenant_id = ? and link_id in (?)', [tenantId, linkIds]);
      }
      for (const table of ['match_key', 'change', 'conflict', 'parked', 'link']) {
        await em.execute(`delete from ${table} where tenant_id = ? and record_id = ?`, [tenantId, recordId]);
      }
      await em.execute(
        'update run set result = null, progress = null, message = null where tenant_id = ? and record_id = ?',
        [tenantId, recordId],
      );
      // The empty record stays, so that what refers to it finds a deleted one.
      await em.execute(
        `update record set fields = '{}', stamps = '{}', deleted_at_ms = coalesce(deleted_at_ms, ?)
         where tenant_id = ? and id = ?`,
        [clock.now_ms(), tenantId, recordId],
      );
      if (record) {
        const texts = identifiers(record.fields);
        await strikeOut(texts);
        await strikeOutOurWords(db, texts, mark);
      }
    },

    eraseRow: (installationId, object, externalId) => forgetRows(db, [{ installationId, object, externalId }]),

    async isErased(vendor, externalId) {
      const [row] = await em.execute<object[]>('select from erased where tenant_id = ? and hash in (?) limit 1', [
        tenantId,
        keyring.hashes([tenantId, vendor, externalId]),
      ]);
      return row !== undefined;
    },
  };

  async function strikeOut(texts: readonly string[]): Promise<void> {
    if (texts.length === 0) return;
    // As the texts stand inside JSON, quotes and backslashes escaped; in plain columns such texts are the same or absent.
    const pattern = texts.map((text) => escapePattern(JSON.stringify(text).slice(1, -1))).join('|');
    for (const { table, columns } of mentions) {
      for (const column of columns) {
        const cast = textColumns.has(column) ? '' : '::jsonb';
        await em.execute(
          `update "${table}" set "${column}" = regexp_replace("${column}"::text, ?, ?, 'gi')${cast}
           where tenant_id = ? and "${column}"::text ~* ?`,
          [pattern, mark, tenantId, pattern],
        );
      }
    }
  }
}

/** What names this person and hardly anybody else: e-mail addresses, phone numbers, the full name. */
function identifiers(fields: StoredRecord['fields']): string[] {
  const texts = Object.values(fields).filter((value) => typeof value === 'string');
  const addresses = texts.filter((text) => /^\S+@\S+$/.test(text));
  const phones = texts.filter((text) => /^\+?[\d\s().-]{7,}$/.test(text) && !/^\d{4}-\d{2}-\d{2}/.test(text));
  const names = Object.entries(fields).filter(([name]) => /^(first|last).?name$/i.test(name));
  const [first, last] = names.toSorted(([a], [b]) => (a < b ? -1 : 1)).map(([, value]) => value);
  const whole = typeof first === 'string' && typeof last === 'string' && first && last ? [`${first} ${last}`] : [];
  return [...addresses, ...phones, ...whole];
}

function escapePattern(text: string): string {
  return text.replaceAll(/[\\^$.*+?()[\]{}|]/g, String.raw`\$&`);
}
