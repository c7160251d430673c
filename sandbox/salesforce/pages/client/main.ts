import { Api } from './api.ts';
import { h } from './dom.ts';
import { showList } from './list-page.ts';
import { address, place } from './place.ts';
import { showRecord } from './record-page.ts';
import { toast } from './toast.ts';

const clients = { a: 'sandbox', b: 'sandbox-b' } as const;

document.querySelector('[data-nav=list]')?.setAttribute('href', address('/lightning/o/Opportunity/list'));
document.addEventListener('lightning__showtoast', (event) => {
  const { title, message, variant } = (event as CustomEvent<{ title: string; message?: string; variant?: string }>)
    .detail;
  toast(title, variant, message);
});

const page = document.querySelector<HTMLElement>('#page');
if (page) {
  try {
    const api = await Api.login(clients[place.org as keyof typeof clients]);
    document.querySelector('#who')?.append(`Org ${place.org.toUpperCase()}`);
    if (place.recordId) await showRecord(page, api, place.recordId);
    else await showList(page, api);
  } catch (error) {
    const message = error instanceof Error ? error.message : String(error);
    page.replaceChildren(h('p', { class: 'card error', role: 'alert' }, message));
  }
}
