import type { PageHost } from '../../../builders/salesforce/runtime/page-host.ts';
import type { Api } from './api.ts';
import { h } from './dom.ts';
import { locale, place, timeZone } from './place.ts';

interface ComponentBundle {
  pages: Record<string, { name: string; create(recordId: string): HTMLElement }[]>;
}

const RETRY_PAUSE_MS = 1_000;

/** Shows the project's own components for an object, once they are built; until then, how far the build is. */
export async function mountComponents(
  host: HTMLElement,
  api: Api,
  objectName: string,
  recordId: string,
  events: EventTarget,
): Promise<void> {
  await builtBundle(host);
  const { accessToken, userId } = api;
  const pageHost: PageHost = { accessToken, userId, language: place.language, locale, timeZone, events };
  globalThis.sandboxPage = pageHost;
  // Before the page's own style sheet, which has the last word on the page's own parts.
  document.head.prepend(h('link', { rel: 'stylesheet', href: '/_ui/bundle/component.css' }));
  const { pages } = (await import(bundleAddress)) as ComponentBundle;
  host.lang = place.language;
  host.replaceChildren(...(pages[objectName] ?? []).map((component) => component.create(recordId)));
}

/** Built while the sandbox runs: not a module of this page's own sources. */
const bundleAddress = '/_ui/bundle/component.js';

async function builtBundle(host: HTMLElement): Promise<void> {
  for (;;) {
    const { ready, state, message } = (await (await fetch('/_ui/bundle')).json()) as {
      ready: boolean;
      state: string;
      message?: string;
    };
    if (ready) return;
    host.replaceChildren(
      h('p', { class: 'card loading', role: 'status' }, `The Lightning component: ${state}. ${message ?? ''}`),
    );
    await new Promise((resolve) => {
      setTimeout(resolve, RETRY_PAUSE_MS);
    });
  }
}
