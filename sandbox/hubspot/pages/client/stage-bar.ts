import { h } from '../../../kit/browser/dom.ts';
import type { Stage } from './api.ts';

/** The pipeline as a row of steps; a click moves the deal there. */
export function stageBar(stages: Stage[], current: string | null, move: (stage: string) => Promise<void>): HTMLElement {
  const at = stages.findIndex(({ id }) => id === current);
  const steps = stages.map(({ id, label }, index) => {
    const state = index === at ? 'here' : index < at ? 'done' : 'ahead';
    const text = h('span', {}, label);
    const step = h(
      'button',
      {
        type: 'button',
        'data-key': id,
        title: label,
        'aria-label': `Move to ${label}`,
        onclick: () => void move(id),
      },
      text,
    );
    return h('li', { class: `stage stage-${state}`, 'aria-current': index === at ? 'step' : undefined }, step);
  });
  return h('ol', { class: 'stages', 'aria-label': 'Deal stage' }, ...steps);
}
