import { Api } from './api.ts';
import { h, mustFind } from '../../../kit/browser/dom.ts';
import { showList } from './list-page.ts';
import { address, place } from './place.ts';
import { showRecord } from './record-page.ts';
import { toast } from '../../../kit/browser/toast.ts';

const clients = { a: 'sandbox', b: 'sandbox-b' } as const;

mustFind('#to-list').setAttribute('href', address('/lightning/o/Opportunity/list'));
document.addEventListener('lightning__showtoast', (event) => {
  const { variant, ...texts } = (event as CustomEvent<{ title: string; message?: string; variant?: string }>).detail;
  toast({ ...texts, ...(variant && { type: variant }) });
});

const page = mustFind('#page');
try {
  const api = await Api.login(clients[place.org as keyof typeof clients]);
  mustFind('#who').textContent = `Org ${place.org.toUpperCase()}`;
  if (place.recordId) await showRecord(page, api, place.recordId);
  else await showList(page, api);
} catch (error) {
  const message = error instanceof Error ? error.message : String(error);
  page.replaceChildren(h('p', { class: 'card error', role: 'alert' }, message));
}
