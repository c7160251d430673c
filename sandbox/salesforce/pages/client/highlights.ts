import type { Row } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { formatDate, formatMoney, textOf } from './format.ts';

/** The band on top of the page: the name and the facts one looks for first. */
export function highlights(row: Row, accountName: string): HTMLElement {
  const amount = row['Amount'];
  const closeDate = row['CloseDate'];
  const facts: [string, string][] = [
    ['Account Name', accountName],
    ['Close Date', typeof closeDate === 'string' ? formatDate(closeDate) : ''],
    ['Amount', typeof amount === 'number' ? formatMoney(amount, row) : ''],
    ['Stage', textOf(row['StageName'])],
  ];
  return h(
    'header',
    { class: 'card highlights' },
    h(
      'div',
      { class: 'highlights__name' },
      h('span', { class: 'object-icon', 'aria-hidden': 'true' }),
      h('div', {}, h('p', { class: 'weak' }, 'Opportunity'), h('h1', {}, textOf(row['Name']))),
    ),
    h(
      'dl',
      { class: 'highlights__facts' },
      ...facts.map(([label, value]) => h('div', {}, h('dt', {}, label), h('dd', {}, value || '—'))),
    ),
  );
}
