import { h } from './dom.ts';

const SHOWN_MS = 5_000;

/** Shows a message over the page for some seconds. */
export function toast(title: string, variant = 'info', message?: string): void {
  const element = h(
    'div',
    { class: `toast toast_${variant}` },
    h('strong', {}, title),
    message ? ` ${message}` : undefined,
  );
  document.querySelector('#toasts')?.append(element);
  setTimeout(() => element.remove(), SHOWN_MS);
}
