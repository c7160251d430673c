import { h } from '../../kit/browser/dom.ts';
import type { DealPair } from '../crm-deal.ts';
import { text, type Language, type TextName } from './texts.ts';

const groups: [title: TextName, holds: (pair: DealPair) => boolean][] = [
  ['inBoth', (pair) => Boolean(pair.hubspot && pair.salesforce) && !pair.ambiguous],
  ['inHubspot', (pair) => Boolean(pair.hubspot && !pair.salesforce) && !pair.ambiguous],
  ['inSalesforce', (pair) => Boolean(!pair.hubspot && pair.salesforce) && !pair.ambiguous],
  ['ambiguous', (pair) => pair.ambiguous],
];

/** Fills the list of deals, grouped by where they are. Values are places in `pairs`. */
export function fillPicker(
  select: HTMLSelectElement,
  pairs: readonly DealPair[],
  current: DealPair | undefined,
  language: Language,
): void {
  const entries = groups.flatMap(([title, holds]) => {
    const options = pairs.flatMap((pair, index) => (holds(pair) ? [option(pair, index, pair === current)] : []));
    return options.length > 0
      ? [h('optgroup', { label: `${text(language, title)} (${options.length})` }, ...options)]
      : [];
  });
  select.replaceChildren(...entries);
}

function option(pair: DealPair, index: number, selected: boolean): HTMLElement {
  const company = pair.name.includes(pair.company) ? '' : ` · ${pair.company}`;
  return h('option', { value: String(index), selected }, pair.name + company);
}
