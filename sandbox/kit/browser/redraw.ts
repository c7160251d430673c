/**
 * Draws a part of the page anew without losing the keyboard's place: what had the focus within `container` has it again,
 * found by its `data-key`.
 */
export function redraw(container: HTMLElement, draw: () => void): void {
  const focused = document.activeElement;
  const key = container.contains(focused) ? focused?.getAttribute('data-key') : undefined;
  draw();
  if (key) container.querySelector<HTMLElement>(`[data-key="${CSS.escape(key)}"]`)?.focus();
}
