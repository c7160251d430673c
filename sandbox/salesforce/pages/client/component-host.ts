import type { PageHost } from '../../../builders/salesforce/runtime/page-host.ts';
import type { Api } from './api.ts';
import { h } from '../../../kit/browser/dom.ts';
import { untilBuilt } from '../../../kit/browser/until-built.ts';
import { locale, place, timeZone } from './place.ts';

interface ComponentBundle {
  pages: Record<string, { name: string; create(recordId: string): HTMLElement }[]>;
}

/** Shows the project's own components for an object, once they are built; until then, how far the build is. */
export async function mountComponents(
  host: HTMLElement,
  api: Api,
  objectName: string,
  recordId: string,
  events: EventTarget,
): Promise<void> {
  await untilBuilt(host);
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
