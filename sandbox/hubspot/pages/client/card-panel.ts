import { h } from '../../../kit/browser/dom.ts';
import { untilBuilt } from '../../../kit/browser/until-built.ts';
import type { CardSetting, PageActions } from '../../../builders/hubspot/host/page-contract.ts';
import type { Owner } from './api.ts';
import { place } from './place.ts';

interface CardBundle {
  ready: boolean;
  state: string;
  variables: Record<string, string>;
}

/** Shows the project's card for the deal in `panel`; until it is built, how far the build is. */
export async function showCard(panel: HTMLElement, dealId: string, user: Owner, actions: PageActions): Promise<void> {
  const { variables } = await untilBuilt<CardBundle>(panel);
  const { name } = (await (await fetch('/_ui/bundle/card.json')).json()) as { name: string };
  await loadHost();
  const target = h('div', { class: 'card', lang: place.language });
  panel.replaceChildren(target);
  await globalThis.mountCard(target, '/_ui/bundle/worker.js', setting(dealId, user, name, variables), actions);
}

function setting(dealId: string, user: Owner, cardTitle: string, variables: Record<string, string>): CardSetting {
  const { userId, email, firstName, lastName } = user;
  return {
    cardUrl: '/_ui/bundle/card.js',
    context: {
      location: 'crm.record.tab',
      user: { id: userId, email, emails: [email], firstName, lastName, locale: place.language },
      portal: { id: place.portalId, timezone: Intl.DateTimeFormat().resolvedOptions().timeZone },
      crm: { objectId: Number(dealId), objectTypeId: '0-3' },
      extension: { appId: 7_040_001, appName: 'Rapport', cardTitle },
      variables,
    },
  };
}

function loadHost(): Promise<void> {
  return new Promise((resolve, reject) => {
    const script = document.createElement('script');
    script.src = '/_ui/bundle/host.js';
    script.addEventListener('load', () => resolve());
    script.addEventListener('error', () => reject(new Error('The card’s host could not be loaded.')));
    document.head.append(script);
  });
}
