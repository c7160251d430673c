import type { Api, Row } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { formatDate, formatMoney, textOf } from './format.ts';
import { address } from './place.ts';
import { pollWhileVisible } from '../../../kit/browser/poll.ts';

const soql =
  'SELECT Id, Name, StageName, Amount, CurrencyIsoCode, CloseDate, LastModifiedDate, Account.Name, Owner.Name FROM Opportunity ' +
  'ORDER BY LastModifiedDate DESC LIMIT 200';

/** All opportunities, newest change first. */
export async function showList(page: HTMLElement, api: Api): Promise<void> {
  document.title = 'Opportunities | Salesforce (stand-in)';
  let shown = '';
  const show = async (): Promise<void> => {
    const rows = await api.query(soql);
    const now = JSON.stringify(rows);
    if (now === shown) return;
    shown = now;
    page.replaceChildren(list(rows));
  };
  await show();
  pollWhileVisible(2_000, show);
}

function list(rows: Row[]): HTMLElement {
  const columns = ['Opportunity Name', 'Account Name', 'Stage', 'Amount', 'Close Date', 'Owner'];
  return h(
    'section',
    { class: 'card list' },
    h('div', { class: 'list__head' }, h('h1', {}, 'Opportunities'), h('p', { class: 'weak' }, `${rows.length} items`)),
    h(
      'div',
      { class: 'scroll', tabindex: '0', role: 'region', 'aria-label': 'Opportunities' },
      h(
        'table',
        {},
        h('thead', {}, h('tr', {}, ...columns.map((column) => h('th', { scope: 'col' }, column)))),
        h('tbody', {}, ...rows.map(line)),
      ),
    ),
  );
}

function line(row: Row): HTMLElement {
  const amount = row['Amount'];
  const closeDate = row['CloseDate'];
  const cells = [
    nameOf(row, 'Account'),
    textOf(row['StageName']),
    typeof amount === 'number' ? formatMoney(amount, row) : '',
    typeof closeDate === 'string' ? formatDate(closeDate) : '',
    nameOf(row, 'Owner'),
  ];
  const link = h('a', { href: address(`/lightning/r/Opportunity/${row.Id}/view`) }, textOf(row['Name']));
  return h('tr', {}, h('th', { scope: 'row' }, link), ...cells.map((cell) => h('td', {}, cell)));
}

function nameOf(row: Row, relation: string): string {
  return textOf((row[relation] as Row | null)?.['Name']);
}
