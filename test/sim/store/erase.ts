import type { Link, StoredRecord } from '../../../protocol/nouns.ts';
import type { TenantTx } from '../../../protocol/ports/store.ts';
import type { SimDb } from './sim-db.ts';
import { keyOf } from './table.ts';
import { placeOf, type InboxRow } from './tables.ts';

const mark = '[erased]';

interface Place {
  installationId: string;
  object: string;
  externalId: string;
}

export function erase(db: SimDb): Pick<TenantTx, 'eraseContact' | 'eraseRow' | 'isErased'> {
  const { view, clock } = db;
  return {
    async eraseContact(recordId) {
      const record = await view('records').lock(recordId);
      const links = view('links').find('record', recordId);
      await forgetRows(
        links.flatMap((link) => (link.externalId === null ? [] : [{ ...link, externalId: link.externalId }])),
      );
      for (const { id } of links) await view('writes').change(view('writes').find('link', id), () => undefined);
      await view('matchKeys').change(view('matchKeys').find('record', recordId), () => undefined);
      await view('changes').change(view('changes').find('record', recordId), () => undefined);
      await view('conflicts').change(view('conflicts').find('record', recordId), () => undefined);
      await view('parked').change(view('parked').find('record', recordId), () => undefined);
      await view('links').change(view('links').find('record', recordId), () => undefined);
      const runs = view('runs')
        .all()
        .filter((run) => run.recordId === recordId);
      await view('runs').change(runs, (run) => ({ ...run, result: null, progress: null, message: null }));
      if (!record) return;
      // The empty record stays, so that what refers to it finds a deleted one.
      const deletedAt_ms = record.deletedAt_ms ?? clock.now_ms();
      await view('records').put({ ...record, fields: {}, stamps: {}, deletedAt_ms });
      await strikeOut(identifiers(record.fields));
    },
    eraseRow: (installationId, object, externalId) => forgetRows([{ installationId, object, externalId }]),
    async isErased(vendor, externalId) {
      return view('erased').get(keyOf(vendor, externalId)) !== undefined;
    },
  };

  /** What was received and parked of these rows goes; that they are erased stays known. */
  async function forgetRows(places: readonly Place[]): Promise<void> {
    for (const { installationId, object, externalId } of places) {
      const at = view('installations').get(installationId);
      if (!at) continue;
      await view('erased').insertNew({ vendor: at.vendor, externalId });
      const place = placeOf(installationId, object, externalId);
      await view('inbox').change(view('inbox').find('place', place), () => undefined);
      await view('parked').change(view('parked').find('place', place), () => undefined);
      db.moment.acts.push(() => {
        const { hub } = db;
        // Bytes of the account that hold the id go whole: they are hints, and every row is read anyway.
        hub.unrouted = hub.unrouted.filter(
          (one) => one.vendor !== at.vendor || one.accountId !== at.accountId || !one.body.includes(externalId),
        );
      });
    }
  }

  /** Where others may name the person: history, what runs said, what Rapport itself wrote into records. */
  async function strikeOut(texts: readonly string[]): Promise<void> {
    if (texts.length === 0) return;
    const pattern = new RegExp(texts.map((text) => RegExp.escape(text)).join('|'), 'gi');
    const struck = <T>(value: T): T => strike(value, pattern) as T;
    await view('runs').change(view('runs').all(), (row) => ({
      ...row,
      result: struck(row.result),
      progress: struck(row.progress),
      message: struck(row.message),
    }));
    await view('changes').change(view('changes').all(), (row) => ({
      ...row,
      before: struck(row.before),
      after: struck(row.after),
    }));
    await view('conflicts').change(view('conflicts').all(), (row) => ({
      ...row,
      lost: struck(row.lost),
      kept: struck(row.kept),
    }));
    await view('parked').change(view('parked').all(), (row) => ({
      ...row,
      value: struck(row.value),
      detail: struck(row.detail),
    }));
    await view('writes').change(view('writes').all(), (row) => ({ ...row, values: struck(row.values) }));
    await view('inbox').change(view('inbox').all(), (row): InboxRow => ({ ...row, event: struck(row.event) }));
    await strikeOutOurWords(texts);
  }

  /** A field of ours that named the person leaves the base of each link and is due, so that the CRMs get it without. */
  async function strikeOutOurWords(texts: readonly string[]): Promise<void> {
    const forms = texts.flatMap((text) => [text, escapeHtml(text)]);
    const pattern = new RegExp(forms.map((text) => RegExp.escape(text)).join('|'), 'gi');
    const now_ms = clock.now_ms();
    for (const record of view('records').all()) {
      const named = Object.entries(record.fields).filter(
        ([field, value]) =>
          record.stamps[field]?.side === 'hub' && typeof value === 'string' && value.search(pattern) >= 0,
      );
      if (named.length === 0) continue;
      const fields = Object.fromEntries(named.map(([field, value]) => [field, strike(value, pattern)]));
      await view('records').change([record], (row): StoredRecord => ({
        ...row,
        fields: { ...row.fields, ...fields } as StoredRecord['fields'],
      }));
      const links = view('links').find('record', record.id);
      await view('links').change(links, (link): Link => {
        if (link.state !== 'live' || link.base === null) return link;
        const base = Object.fromEntries(Object.entries(link.base).filter(([field]) => !(field in fields)));
        return { ...link, base, deliverAt_ms: Math.min(link.deliverAt_ms ?? now_ms, now_ms) };
      });
      for (const { installationId } of links) db.mark(installationId, 'deliver', now_ms);
    }
  }
}

/** The value with what the pattern finds in its texts, names of properties included, struck out. */
function strike(value: unknown, pattern: RegExp): unknown {
  if (typeof value === 'string') return value.replaceAll(pattern, mark);
  if (Array.isArray(value)) return value.map((inner) => strike(inner, pattern));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(
    Object.entries(value).map(([name, inner]) => [name.replaceAll(pattern, mark), strike(inner, pattern)]),
  );
}

/** What names this person and hardly anybody else: e-mail addresses, phone numbers, the full name. */
function identifiers(fields: StoredRecord['fields']): string[] {
  const texts = Object.values(fields).filter((value) => typeof value === 'string');
  const addresses = texts.filter((text) => /^\S+@\S+$/.test(text));
  const phones = texts.filter((text) => /^\+?[\d\s().-]{7,}$/.test(text) && !/^\d{4}-\d{2}-\d{2}/.test(text));
  const [first, last] = Object.keys(fields)
    .filter((name) => /^(first|last).?name$/i.test(name))
    .sort()
    .map((name) => fields[name]);
  const whole = typeof first === 'string' && typeof last === 'string' && first && last ? [`${first} ${last}`] : [];
  return [...addresses, ...phones, ...whole];
}

function escapeHtml(text: string): string {
  const entities: Record<string, string> = { '&': '&amp;', '<': '&lt;', '>': '&gt;', '"': '&quot;', "'": '&#39;' };
  return text.replaceAll(/[&<>"']/g, (character) => entities[character] ?? character);
}
