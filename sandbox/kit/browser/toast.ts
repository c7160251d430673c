import { h, mustFind } from './dom.ts';

const SHOWN_MS = 5_000;

/** Shows a message over the page for some seconds, in the page's `#toasts`. `type` is the vendor's word: success, error, danger. */
export function toast({ title, message, type = 'info' }: { title?: string; message?: string; type?: string }): void {
  const texts = [title && h('strong', {}, title), message].filter((text) => text !== undefined && text !== '');
  const element = h('div', { class: `toast toast_${type}` }, ...texts.flatMap((text) => [text!, ' ']));
  mustFind('#toasts').append(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}
