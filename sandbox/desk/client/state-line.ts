import { h, mustFind } from '../../kit/browser/dom.ts';
import type { BuildState } from '../../builders/build-state.ts';
import { text, type Language } from './texts.ts';

interface DeskState {
  hub: { state: 'ready' | 'starting' | 'down' };
  builds: BuildState[];
}

const hubTexts = {
  ready: 'hubReady',
  starting: 'hubStarting',
  down: 'hubDown',
} as const;

/** Shows how the hub is and, until all is built, how far the builds are. Tells when the desk's own server is gone. */
export async function showState(language: Language): Promise<void> {
  const hub = mustFind('#hub');
  try {
    const state = (await (await fetch('/api/state')).json()) as DeskState;
    tell(hub, state.hub.state, text(language, hubTexts[state.hub.state]));
    showBuilds(state.builds.filter((build) => build.state !== 'ready'));
  } catch {
    tell(hub, 'down', text(language, 'sandboxDown'));
  }
}

function tell(element: HTMLElement, state: string, said: string): void {
  element.dataset['state'] = state;
  // The same text again would be read aloud again.
  if (element.textContent !== said) element.textContent = said;
}

function showBuilds(builds: BuildState[]): void {
  const list = mustFind('#builds');
  const lines = builds.map(({ state, message, seconds }) => {
    const time = state === 'installing' || state === 'building' ? ` ${seconds} s` : '';
    return h('li', { 'data-state': state }, message, h('span', { 'aria-hidden': 'true' }, time));
  });
  list.replaceChildren(...lines);
}
