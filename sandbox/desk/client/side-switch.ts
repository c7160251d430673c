import { mustFind } from '../../kit/browser/dom.ts';

/** On a narrow page one side is shown at a time: two buttons say which. On a wide one the style sheet hides them. */
export function startSideSwitch(): void {
  const main = mustFind('main');
  const buttons = [...document.querySelectorAll<HTMLElement>('#sides button')];
  const show = (side: string): void => {
    main.dataset['side'] = side;
    for (const button of buttons) button.setAttribute('aria-pressed', String(button.dataset['side'] === side));
  };
  for (const button of buttons) button.addEventListener('click', () => show(button.dataset['side'] ?? ''));
  show('hubspot');
}
