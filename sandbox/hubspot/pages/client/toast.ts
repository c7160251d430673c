import { h, mustFind } from '../../../kit/browser/dom.ts';

const SHOWN_MS = 5_000;

/** Shows a message over the page for some seconds. */
export function toast(message: string, type = 'info', title?: string): void {
  const element = h('div', { class: `toast toast-${type}` }, title ? h('strong', {}, `${title} `) : undefined, message);
  mustFind('#toasts').append(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}
