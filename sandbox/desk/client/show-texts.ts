import { h } from '../../kit/browser/dom.ts';
import { parts, text, type Language, type TextName } from './texts.ts';

/** Puts the page's standing texts into the language: each stands where `data-text`, or for names of groups `data-label`, says. */
export function showTexts(language: Language): void {
  if (document.documentElement.lang === language && document.body.dataset['texts'] === language) return;
  document.documentElement.lang = language;
  document.body.dataset['texts'] = language;
  for (const element of document.querySelectorAll<HTMLElement>('[data-text]')) {
    const said = parts(language, element.dataset['text'] as TextName);
    element.replaceChildren(...said.map((part, index) => (index % 2 === 0 ? part : h('strong', {}, part))));
  }
  for (const element of document.querySelectorAll<HTMLElement>('[data-label]'))
    element.setAttribute('aria-label', text(language, element.dataset['label'] as TextName));
}
