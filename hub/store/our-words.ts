import type { StoredRecord } from '../../protocol/nouns.ts';
import type { Db } from './db.ts';
import { json } from './rows.ts';

type Row = Pick<StoredRecord, 'id' | 'fields' | 'stamps'>;

/**
 * Strikes texts out of what Rapport itself wrote into records (a report, a summary). Such a field leaves the base of each
 * link and the link is due, so that the CRMs get the words without them.
 */
export async function strikeOutOurWords(
  { em, tenantId, clock, marks }: Db,
  texts: readonly string[],
  mark: string,
): Promise<void> {
  // As they stand in text, and in the HTML that we write.
  const forms = [...new Set(texts.flatMap((text) => [text, escapeHtml(text)]))];
  if (forms.length === 0) return;
  const pattern = new RegExp(forms.map((text) => RegExp.escape(text)).join('|'), 'gi');
  const rows = await em.execute<Row[]>(
    `select id, fields, stamps from record
     where tenant_id = ? and exists (select from jsonb_each(stamps) stamp where stamp.value->>'side' = 'hub')
       and lower(fields::text) like any (select '%' || lower(form) || '%' from jsonb_array_elements_text(?::jsonb) form)
     order by id for update`,
    [tenantId, json(forms.map((text) => escapeLike(JSON.stringify(text).slice(1, -1))))],
  );
  const struck = rows.flatMap(({ id, fields, stamps }) =>
    Object.entries(fields).flatMap(([name, value]) =>
      stamps[name]?.side === 'hub' && typeof value === 'string' && value.search(pattern) >= 0
        ? [{ id, name, value: value.replaceAll(pattern, mark) }]
        : [],
    ),
  );
  if (struck.length === 0) return;
  const now_ms = clock.now_ms();
  for (const { id, name, value } of struck) {
    await em.execute(`update record set fields = fields || ?::jsonb where tenant_id = ? and id = ?`, [
      json({ [name]: value }),
      tenantId,
      id,
    ]);
    await em.execute(
      `update link set base = base - ?::text, deliver_at_ms = least(coalesce(deliver_at_ms, ?::bigint), ?::bigint)
       where tenant_id = ? and record_id = ? and state = 'live' and base is not null`,
      [name, now_ms, now_ms, tenantId, id],
    );
  }
  const installations = await em.execute<{ installationId: string }[]>(
    `select distinct installation_id as "installationId" from link where tenant_id = ? and record_id in (?)`,
    [tenantId, [...new Set(struck.map(({ id }) => id))]],
  );
  for (const { installationId } of installations)
    marks.push({ tenantId, installationId, lane: 'deliver', due_ms: now_ms });
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}

function escapeLike(text: string): string {
  return text.replaceAll(/[\\%_]/g, String.raw`\$&`);
}
