import { h } from '../../../kit/browser/dom.ts';
import type { Api, CrmObject } from './api.ts';
import { idsOf } from './associations.ts';
import { showDate } from './format.ts';

/** The notes of a deal, newest first. Their HTML is shown as text: it was written elsewhere. */
export async function notes(api: Api, deal: CrmObject): Promise<HTMLElement> {
  const found = await api.read('notes', idsOf(deal, 'notes'), ['hs_note_body', 'hs_timestamp']);
  if (found.length === 0) return h('p', { class: 'weak' }, 'No notes.');
  const newestFirst = found.toSorted((one, other) => stamp(other).localeCompare(stamp(one)));
  return h('ul', { class: 'notes' }, ...newestFirst.map(note));
}

const stamp = (note: CrmObject): string => note.properties['hs_timestamp'] ?? '';

function note(object: CrmObject): HTMLElement {
  const html = (object.properties['hs_note_body'] ?? '').replaceAll(/<\/(?:p|li|h\d)>|<br\s*\/?>/g, '\n');
  const text = new DOMParser().parseFromString(html, 'text/html').body.textContent.trim();
  return h('li', {}, h('p', { class: 'weak' }, showDate(stamp(object))), h('p', { class: 'note' }, text));
}
