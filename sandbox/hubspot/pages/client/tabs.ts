import { h } from '../../../kit/browser/dom.ts';

interface Tab {
  id: string;
  title: string;
  panel: HTMLElement;
}

/** Tabs by the ARIA pattern: arrow keys move, the chosen one alone is in the tab order. */
export function tabs(entries: Tab[]): HTMLElement {
  const buttons = entries.map(({ id, title }) =>
    h('button', { type: 'button', role: 'tab', id: `tab-${id}`, 'aria-controls': `panel-${id}` }, title),
  );
  const choose = (index: number, focus: boolean): void => {
    entries.forEach(({ panel }, at) => {
      panel.hidden = at !== index;
      buttons[at]!.setAttribute('aria-selected', String(at === index));
      buttons[at]!.tabIndex = at === index ? 0 : -1;
    });
    if (focus) buttons[index]!.focus();
  };
  entries.forEach(({ id, panel }, index) => {
    panel.id = `panel-${id}`;
    panel.setAttribute('role', 'tabpanel');
    panel.setAttribute('aria-labelledby', `tab-${id}`);
    buttons[index]!.addEventListener('click', () => choose(index, false));
    buttons[index]!.addEventListener('keydown', ({ key }) => {
      const step = key === 'ArrowRight' ? 1 : key === 'ArrowLeft' ? -1 : 0;
      if (step !== 0) choose((index + step + entries.length) % entries.length, true);
    });
  });
  choose(0, false);
  const list = h('div', { class: 'tabs', role: 'tablist' }, ...buttons);
  return h('section', { class: 'panel tabbed' }, list, ...entries.map(({ panel }) => panel));
}
