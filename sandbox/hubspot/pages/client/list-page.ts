import { h } from '../../../kit/browser/dom.ts';
import { pollWhileVisible } from '../../../kit/browser/poll.ts';
import type { Api, CrmObject } from './api.ts';
import type { Directory } from './directory.ts';
import { show } from './format.ts';
import { recordAddress } from './place.ts';

const POLL_PAUSE_MS = 2_000;
const columns = ['dealstage', 'amount', 'closedate', 'hubspot_owner_id'];
const modified = 'hs_lastmodifieddate';

/** All deals, newest change first. */
export async function showList(page: HTMLElement, api: Api, directory: Directory): Promise<void> {
  document.title = 'Deals | HubSpot (stand-in)';
  let shown = '';
  const draw = async (): Promise<void> => {
    const deals = await api.deals(['dealname', 'deal_currency_code', modified, ...columns]);
    const now = JSON.stringify(deals);
    if (now === shown) return;
    shown = now;
    page.replaceChildren(list(directory, deals));
  };
  await draw();
  pollWhileVisible(POLL_PAUSE_MS, draw);
}

function list(directory: Directory, deals: CrmObject[]): HTMLElement {
  const properties = columns.flatMap((name) => directory.properties.get(name) ?? []);
  const newestFirst = deals.toSorted((one, other) =>
    (other.properties[modified] ?? '').localeCompare(one.properties[modified] ?? ''),
  );
  const rows = newestFirst.map((deal) => {
    const link = h('a', { href: recordAddress(deal.id) }, deal.properties['dealname'] ?? '–');
    const cells = properties.map((property) => h('td', {}, show(directory, property, deal) || '–'));
    return h('tr', {}, h('th', { scope: 'row' }, link), ...cells);
  });
  const heads = ['Deal name', ...properties.map(({ label }) => label)].map((label) => h('th', { scope: 'col' }, label));
  return h(
    'section',
    { class: 'panel' },
    h('h1', {}, `Deals (${deals.length})`),
    h(
      'div',
      { class: 'hs-table-frame', tabindex: '0', role: 'region', 'aria-label': 'Deals' },
      h('table', { class: 'hs-table' }, h('thead', {}, h('tr', {}, ...heads)), h('tbody', {}, ...rows)),
    ),
  );
}
