import { h } from '../../../kit/browser/dom.ts';
import { pollWhileVisible } from '../../../kit/browser/poll.ts';
import { redraw } from '../../../kit/browser/redraw.ts';
import { toast } from '../../../kit/browser/toast.ts';
import type { Api, CrmObject } from './api.ts';
import { associations } from './associations.ts';
import { showCard } from './card-panel.ts';
import type { Directory } from './directory.ts';
import { show } from './format.ts';
import { notes } from './notes.ts';
import { PropertyList } from './property-list.ts';
import { PropertyWatch } from './property-watch.ts';
import { stageBar } from './stage-bar.ts';
import { tabs } from './tabs.ts';

const POLL_PAUSE_MS = 1_000;
const editable = [
  'dealname',
  'amount',
  'deal_currency_code',
  'dealstage',
  'closedate',
  'hs_next_step',
  'hubspot_owner_id',
  'description',
  'closed_lost_reason',
  'notes_last_contacted',
];

/** A deal's record page, kept up with what others change. */
export async function showRecord(page: HTMLElement, api: Api, directory: Directory, dealId: string): Promise<void> {
  // What an app added to deals is shown too, after HubSpot's own.
  const own = [...directory.properties.values()]
    .filter(({ name }) => name.startsWith('rapport_'))
    .map(({ name }) => name);
  const names = [...new Set([...editable, ...own])];
  const watch = new PropertyWatch(new Set(directory.properties.keys()));
  const read = (): Promise<CrmObject> => api.deal(dealId, [...new Set([...names, ...watch.names])]);
  let deal = await read();

  const head = h('header', { class: 'panel head' });
  const cardPanel = h('div', {});
  const notePanel = h('div', {});
  const related = h('div', { class: 'right' });

  const update = async (properties: Record<string, string>): Promise<void> => {
    await api.update(dealId, properties);
    await refresh();
  };
  const list = new PropertyList(directory, names, deal, (name, value) => update({ [name]: value }));
  const move = (dealstage: string): Promise<void> =>
    update({ dealstage }).catch((error: Error) =>
      toast({ title: 'The stage was not changed.', message: error.message, type: 'danger' }),
    );
  const draw = async (): Promise<void> => {
    document.title = `${deal.properties['dealname']} | HubSpot (stand-in)`;
    const amount = directory.properties.get('amount');
    redraw(head, () =>
      head.replaceChildren(
        h(
          'div',
          {},
          h('h1', {}, deal.properties['dealname'] ?? ''),
          h('p', { class: 'sum' }, amount ? show(directory, amount, deal) : ''),
        ),
        stageBar(directory.stages, deal.properties['dealstage'] ?? null, move),
      ),
    );
    list.update(deal);
    related.replaceChildren(...(await associations(api, deal)));
    notePanel.replaceChildren(await notes(api, deal));
  };
  const refresh = async (): Promise<void> => {
    const newer = await read();
    if (JSON.stringify(newer) === JSON.stringify(deal)) return;
    const before = deal;
    deal = newer;
    watch.tell(before.properties, deal.properties);
    await draw();
  };

  const left = h('section', { class: 'panel left' }, h('h2', {}, 'About this deal'), list.element);
  const middle = tabs([
    { id: 'card', title: 'Rapport', panel: cardPanel },
    { id: 'notes', title: 'Notes', panel: notePanel },
  ]);
  page.replaceChildren(head, h('div', { class: 'record' }, left, middle, related));
  await draw();
  pollWhileVisible(POLL_PAUSE_MS, refresh);
  await mount(cardPanel, { dealId, directory, refresh, watch });
}

interface Mounted {
  dealId: string;
  directory: Directory;
  refresh: () => Promise<void>;
  watch: PropertyWatch;
}

async function mount(panel: HTMLElement, { dealId, directory, refresh, watch }: Mounted): Promise<void> {
  const [user] = directory.owners;
  if (!user) throw new Error('The account has no users.');
  await showCard(panel, dealId, user, {
    addAlert: (alert) => toast(alert),
    refreshObjectProperties: () => void refresh(),
    onCrmPropertiesUpdate: (properties, callback) => watch.subscribe(properties, callback),
    reloadPage: () => location.reload(),
    copyTextToClipboard: (text) => navigator.clipboard.writeText(text),
  });
}
