import type { FieldDescribe } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { toast } from '../../../kit/browser/toast.ts';

/** The stages as a path; choosing one and confirming moves the record there. */
export function stagePath(
  stages: FieldDescribe['picklistValues'],
  current: string,
  move: (stage: string) => Promise<void>,
): HTMLElement {
  const active = stages.filter((stage) => stage.active);
  const currentIndex = active.findIndex(({ value }) => value === current);
  let chosen = current;
  const button = h('button', { type: 'button', class: 'brand', disabled: true, onclick: () => void confirm() });
  button.textContent = 'Mark as Current Stage';
  const steps = active.map(({ value, label }, index) => {
    const state = index === currentIndex ? 'current' : index < currentIndex ? 'done' : 'ahead';
    const step = h(
      'button',
      { type: 'button', 'data-key': value, title: label, 'aria-pressed': 'false', onclick: () => choose(value) },
      label,
    );
    return h('li', { class: `step step_${state}`, 'aria-current': state === 'current' ? 'step' : undefined }, step);
  });
  const choose = (value: string): void => {
    chosen = value;
    active.forEach((stage, index) => {
      steps[index]?.firstElementChild?.setAttribute('aria-pressed', String(stage.value === value && value !== current));
    });
    button.toggleAttribute('disabled', value === current);
  };
  const confirm = async (): Promise<void> => {
    button.toggleAttribute('disabled', true);
    await move(chosen).catch((error: Error) => {
      toast({ title: 'The stage was not changed.', message: error.message, type: 'error' });
      button.toggleAttribute('disabled', false);
    });
  };
  return h(
    'section',
    { class: 'card path', 'aria-label': 'Stage' },
    h('ol', { class: 'path__steps' }, ...steps),
    button,
  );
}
