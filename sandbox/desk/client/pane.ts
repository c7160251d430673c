import { h, mustFind } from '../../kit/browser/dom.ts';

interface PaneContent {
  title: string;
  /** The record page; undefined where this CRM does not have the deal. */
  url: string | undefined;
  listUrl: string;
  missing: string;
}

/** Shows a CRM's page in its half of the desk; a page that is shown already stays as it is. */
export function showPane(id: 'hubspot' | 'salesforce', { title, url, listUrl, missing }: PaneContent): void {
  const pane = mustFind(`#${id}`);
  const open = mustFind(`#${id}-open`);
  mustFind(`#${id}-list`).setAttribute('href', listUrl);
  open.hidden = url === undefined;
  if (url) open.setAttribute('href', url);
  const shown = pane.querySelector('iframe')?.getAttribute('src') ?? undefined;
  if (url !== undefined ? shown === url : pane.textContent === missing) return;
  pane.replaceChildren(url ? h('iframe', { src: url, title }) : h('p', { class: 'missing' }, missing));
}
