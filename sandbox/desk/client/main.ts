import { mustFind } from '../../kit/browser/dom.ts';
import { pollWhileVisible } from '../../kit/browser/poll.ts';
import type { DealPair } from '../crm-deal.ts';
import { chosen, keepChoice, readChoice } from './choice.ts';
import { fillPicker } from './deal-picker.ts';
import { showHint } from './hint.ts';
import { showPane } from './pane.ts';
import { showState } from './state-line.ts';

interface Deals {
  pairs: DealPair[];
  /** The place of the pair to show where none is chosen. */
  first: number;
  portalId: number;
  hubspotUrl: string;
  salesforceUrl: string;
}

const dealSelect = mustFind('#deal') as HTMLSelectElement;
const tenantSelect = mustFind('#tenant') as HTMLSelectElement;
const languageSelect = mustFind('#language') as HTMLSelectElement;

let choice = readChoice();
let deals: Deals | undefined;
let drawn = '';

async function load(): Promise<void> {
  const asked = choice.tenant;
  const response = await fetch(`/api/deals/${asked}`);
  if (!response.ok) throw new Error(((await response.json()) as { message: string }).message);
  const answer = (await response.json()) as Deals;
  // The choice may have moved on while the answer was under way.
  if (asked !== choice.tenant) return;
  deals = answer;
  draw();
}

function draw(): void {
  if (!deals) return;
  const pair = chosen(deals.pairs, choice) ?? deals.pairs[deals.first];
  choice = {
    tenant: choice.tenant,
    language: choice.language,
    ...(pair?.hubspot && { hubspotId: pair.hubspot.id }),
    ...(pair?.salesforce && { salesforceId: pair.salesforce.id }),
  };
  keepChoice(choice);
  const names = JSON.stringify([choice, deals.pairs.map(({ name, company, ambiguous }) => [name, company, ambiguous])]);
  // Filling an open list again would close it.
  if (names !== drawn) fillPicker(dealSelect, deals.pairs, pair);
  drawn = names;
  if (pair) showPair(deals, pair);
}

function showPair({ portalId, hubspotUrl, salesforceUrl }: Deals, { name, hubspot, salesforce }: DealPair): void {
  const { tenant, language } = choice;
  const contacts = `${hubspotUrl}/contacts/${portalId}`;
  const org = `?org=${tenant}&lang=${language}`;
  document.title = `${name} | Rapport desk`;
  showHint(hubspot, salesforce);
  showPane('hubspot', {
    title: `HubSpot: ${name}`,
    url: hubspot ? `${contacts}/record/0-3/${hubspot.id}?lang=${language}` : undefined,
    listUrl: `${contacts}/objects/0-3/views/all/list?lang=${language}`,
    missing: 'HubSpot does not have this deal. Once Rapport has created it, it appears here by itself.',
  });
  showPane('salesforce', {
    title: `Salesforce: ${name}`,
    url: salesforce ? `${salesforceUrl}/lightning/r/Opportunity/${salesforce.id}/view${org}` : undefined,
    listUrl: `${salesforceUrl}/lightning/o/Opportunity/list${org}`,
    missing: 'Salesforce does not have this deal. Once Rapport has created it, it appears here by itself.',
  });
}

tenantSelect.value = choice.tenant;
languageSelect.value = choice.language;
tenantSelect.addEventListener('change', () => {
  choice = { tenant: tenantSelect.value, language: choice.language };
  void load();
});
languageSelect.addEventListener('change', () => {
  choice = { ...choice, language: languageSelect.value === 'de' ? 'de' : 'en' };
  draw();
});
dealSelect.addEventListener('change', () => {
  const pair = deals?.pairs[Number(dealSelect.value)];
  const { tenant, language } = choice;
  choice = {
    tenant,
    language,
    ...(pair?.hubspot && { hubspotId: pair.hubspot.id }),
    ...(pair?.salesforce && { salesforceId: pair.salesforce.id }),
  };
  draw();
});

await Promise.allSettled([load(), showState()]);
pollWhileVisible(2_000, showState);
pollWhileVisible(2_000, load);
