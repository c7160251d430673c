import { h } from './dom.ts';

const RETRY_PAUSE_MS = 1_000;

interface BundleState {
  ready: boolean;
  state: string;
  message?: string;
}

/**
 * Resolves with the page's `/_ui/bundle` once the project's own user interface is built; until then `panel` says how far
 * the build is. A server that does not answer for a moment is asked again.
 */
export async function untilBuilt<State extends BundleState>(panel: HTMLElement): Promise<State> {
  let shown = '';
  for (;;) {
    const bundle = (await fetch('/_ui/bundle')
      .then((response) => response.json())
      .catch(() => undefined)) as State | undefined;
    if (bundle?.ready) return bundle;
    const { state, message = '' } = bundle ?? { state: 'waiting', message: 'The stand-in does not answer.' };
    // The same text again would be read aloud again.
    if (message !== shown) panel.replaceChildren(progress(state, message));
    shown = message;
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_PAUSE_MS);
    });
  }
}

function progress(state: string, message: string): HTMLElement {
  return h(
    'div',
    { class: `build build_${state}`, role: state === 'failed' ? 'alert' : 'status' },
    h('p', {}, message),
    state === 'failed' ? undefined : h('progress', { 'aria-label': 'Build' }),
    state === 'failed' ? undefined : h('p', { class: 'weak' }, 'It appears here by itself.'),
  );
}
